// Updates the index of a Spack v3 mirror to agree with its manifests.

import { descriptorOf } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { buildIndex } from "@spack-oci/spack-store";
import type { MergeIndexResult } from "../../package-index/merge-index.js";
import type { Run } from "../../schedule/run.js";
import type { DirectoryFiles } from "./directory-files.js";
import { INDEX_MANIFEST_PATH, specManifestPath } from "./layout.js";
import { formatMirrorManifest, INDEX_TYPE } from "./manifest.js";
import { readEntry, readMirrorIndex } from "./read-mirror.js";

/**
 * Packages that the old index lists, or that were just copied, are not read again. An index that is up to date is not
 * written.
 *
 * @param copied specs by the path of their manifests
 */
export async function writeMirrorIndex(
  files: DirectoryFiles,
  copied: ReadonlyMap<string, SpecDocument>,
  { scheduler, listener, signal }: Run,
): Promise<MergeIndexResult> {
  const current = await readMirrorIndex(files, signal);
  const known = new Map(copied);
  const old = current === undefined ? [] : current.packages;
  for (const root of old) {
    const path = specManifestPath(current?.graph ?? new Map(), root);
    if (!known.has(path)) known.set(path, { root, graph: current?.graph ?? new Map() });
  }
  const documents = await Promise.all(
    (await files.specManifests()).map(
      async (path) =>
        known.get(path) ?? (await scheduler.request(() => readEntry(files, path, { signal }))).document,
    ),
  );
  const listed = new Set(old.map((node) => node.hash));
  const roots = documents.map(({ root }) => root);
  const present = new Set(roots.map((node) => node.hash));
  const added = roots.filter((node) => !listed.has(node.hash));
  const removed = old.filter((node) => !present.has(node.hash));
  const result = { specs: documents.length, added, removed, skipped: [] };
  const isUpToDate = current !== undefined && added.length + removed.length === 0;
  if (!isUpToDate) {
    const text = Buffer.concat([...buildIndex(documents).chunks()]);
    const record = { ...descriptorOf(INDEX_TYPE, text), compression: "none" };
    await files.writeBlob(record, async () => text);
    await files.write(INDEX_MANIFEST_PATH, formatMirrorManifest([record]));
  }
  const outcome = isUpToDate ? "unchanged" : "written";
  listener?.({ type: "index", step: outcome, specs: documents.length });
  return { ...result, outcome };
}
