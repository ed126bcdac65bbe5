// Deletes tags of an image layout, and the blobs that nothing else in its index needs.

import { readFile, rm } from "node:fs/promises";
import { isMissing } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { childrenOf, type ImageIndex, parseManifest } from "../content/manifest.js";
import { isManifestType } from "../content/media-types.js";
import { blobPath } from "./layout-blobs.js";
import { readLayoutIndex, tagOf, writeLayoutIndex } from "./layout-index.js";

/** Marks manifests that the index lists only for a later run to finish their removal, if this one is killed. */
const DELETED_ANNOTATION = "dev.spack-oci.deleted";

/**
 * Removes tags from the index. Manifests that lose their last tag stay in it, unnamed and marked, until {@link
 * collectDeleted} has removed them.
 */
export function markDeleted(index: ImageIndex, tags: ReadonlySet<string>): ImageIndex {
  const isToDelete = (listed: Descriptor) => tags.has(tagOf(listed) ?? "");
  const marked = index.manifests.filter(isToDelete).map(({ mediaType, digest, size }) => ({
    mediaType,
    digest,
    size,
    annotations: { [DELETED_ANNOTATION]: "true" },
  }));
  return { ...index, manifests: [...index.manifests.filter((listed) => !isToDelete(listed)), ...marked] };
}

/**
 * Removes the blobs of marked manifests that nothing else in the index refers to, then the marks. Blobs that no mark
 * leads to remain: somebody may be pushing them. Nothing else may change the index meanwhile.
 */
export async function collectDeleted(directory: string): Promise<void> {
  const index = await readLayoutIndex(directory);
  const marked = index.manifests.filter(isMarked);
  if (marked.length === 0) return;
  const kept = { ...index, manifests: index.manifests.filter((listed) => !isMarked(listed)) };
  const needed = await reachable(directory, kept.manifests);
  for (const digest of await reachable(directory, marked)) {
    if (!needed.has(digest)) await rm(blobPath(directory, digest), { force: true });
  }
  await writeLayoutIndex(directory, kept);
}

function isMarked(listed: Descriptor): boolean {
  return listed.annotations?.[DELETED_ANNOTATION] !== undefined;
}

/**
 * Everything that manifests refer to, before the manifests themselves, so that a later run can finish what a killed
 * one began.
 */
async function reachable(directory: string, manifests: readonly Descriptor[]): Promise<Set<Digest>> {
  const found = new Set<Digest>();
  const visited = new Set<Digest>();
  const visit = async ({ digest, mediaType }: Descriptor): Promise<void> => {
    if (visited.has(digest)) return;
    visited.add(digest);
    if (isManifestType(mediaType))
      for (const child of await childrenIn(directory, digest)) await visit(child);
    found.add(digest);
  };
  for (const manifest of manifests) await visit(manifest);
  return found;
}

/** What a manifest refers to directly; nothing if it is gone. */
export async function childrenIn(directory: string, digest: Digest): Promise<readonly Descriptor[]> {
  const path = blobPath(directory, digest);
  try {
    return childrenOf(parseManifest(await readFile(path), path));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
