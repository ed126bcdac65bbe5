// Deletes tags of an image layout, and the blobs that nothing else in its index needs.
import { readFile, rm } from "node:fs/promises";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { childrenOf, type ImageIndex, parseManifest } from "../content/manifest.js";
import { isManifestType } from "../content/media-types.js";
import { isMissing } from "./file-errors.js";
import { blobPath } from "./layout-blobs.js";
import { readIndex, tagOf, writeIndex } from "./layout-index.js";

/** Marks what the index lists only so that a later run knows of it, should this one be killed. */
const deletedAnnotation = "dev.spack-oci.deleted";

/**
 * Takes tags out of the index. Manifests that are thereby no longer listed stay in it, without a name and marked, until
 * {@link collectDeleted} has removed them.
 */
export function markDeleted(index: ImageIndex, tags: ReadonlySet<string>): ImageIndex {
  const isDoomed = (listed: Descriptor) => tags.has(tagOf(listed) ?? "");
  const marked = index.manifests.filter(isDoomed).map(({ mediaType, digest, size }) => ({
    mediaType,
    digest,
    size,
    annotations: { [deletedAnnotation]: "true" },
  }));
  return { ...index, manifests: [...index.manifests.filter((listed) => !isDoomed(listed)), ...marked] };
}

/**
 * Removes the blobs of marked manifests that nothing else in the index refers to, then the marks. Blobs that no mark leads
 * to are left alone: somebody may be pushing them. Runs while nobody else changes the index.
 */
export async function collectDeleted(directory: string): Promise<void> {
  const index = await readIndex(directory);
  const marked = index.manifests.filter(isMarked);
  if (marked.length === 0) return;
  const kept = { ...index, manifests: index.manifests.filter((listed) => !isMarked(listed)) };
  const needed = await reachable(directory, kept.manifests);
  for (const digest of await reachable(directory, marked)) {
    if (!needed.has(digest)) await rm(blobPath(directory, digest), { force: true });
  }
  await writeIndex(directory, kept);
}

function isMarked(listed: Descriptor): boolean {
  return listed.annotations?.[deletedAnnotation] !== undefined;
}

/** Everything that manifests refer to, themselves last: a run that is killed finds what is left of them. */
async function reachable(directory: string, manifests: readonly Descriptor[]): Promise<Set<Digest>> {
  const found = new Set<Digest>();
  const visited = new Set<Digest>();
  const visit = async ({ digest, mediaType }: Descriptor): Promise<void> => {
    if (visited.has(digest)) return;
    visited.add(digest);
    if (isManifestType(mediaType)) for (const child of await children(directory, digest)) await visit(child);
    found.add(digest);
  };
  for (const manifest of manifests) await visit(manifest);
  return found;
}

async function children(directory: string, digest: Digest): Promise<readonly Descriptor[]> {
  const path = blobPath(directory, digest);
  try {
    return childrenOf(parseManifest(await readFile(path), path));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
