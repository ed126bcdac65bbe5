// Makes the index of a Spack v3 mirror agree with its manifests.

import { descriptorOf } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { buildIndexDocument } from "@spack-oci/spack-store";
import type { Listener } from "../../events/events.js";
import type { MergeIndexResult } from "../../package-index/merge-index.js";
import { packagesIn } from "../../package-index/read-index.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import type { DirectoryFiles } from "./directory-files.js";
import { indexManifestPath, specManifestPath } from "./layout.js";
import { formatMirrorManifest, indexType } from "./manifest.js";
import { readEntryAt, readMirrorIndex } from "./read-mirror.js";

/**
 * Packages that the old index knows, or that were copied just now, are not read again. An index that is right already is
 * not written.
 *
 * @param copied specs by the path of their manifests
 */
export async function writeMirrorIndex(
  files: DirectoryFiles,
  scheduler: Scheduler,
  copied: ReadonlyMap<string, SpecDocument>,
  {
    listener,
    signal,
  }: { readonly listener?: Listener | undefined; readonly signal?: AbortSignal | undefined },
): Promise<MergeIndexResult> {
  const current = await readMirrorIndex(files, signal);
  const known = new Map(copied);
  const old = current === undefined ? [] : packagesIn(current);
  for (const root of old) {
    const path = specManifestPath(current?.graph ?? new Map(), root);
    if (!known.has(path)) known.set(path, { root, graph: current?.graph ?? new Map() });
  }
  const documents = await Promise.all(
    (await files.specManifests()).map(
      async (path) =>
        known.get(path) ?? (await scheduler.light(() => readEntryAt(files, path, signal))).document,
    ),
  );
  const listed = new Set(old.map((node) => node.hash));
  const roots = documents.map(({ root }) => root);
  const there = new Set(roots.map((node) => node.hash));
  const added = roots.filter((node) => !listed.has(node.hash));
  const removed = old.filter((node) => !there.has(node.hash));
  const result = { specs: documents.length, added, removed, skipped: [] };
  const isRight = current !== undefined && added.length + removed.length === 0;
  if (!isRight) {
    const text = Buffer.from(buildIndexDocument(documents));
    const record = { ...descriptorOf(indexType, text), compression: "none" };
    await files.writeBlob(record, async () => text);
    await files.write(indexManifestPath, formatMirrorManifest([record]));
  }
  const outcome = isRight ? "unchanged" : "written";
  listener?.({ type: "index", step: outcome, specs: documents.length });
  return { ...result, outcome };
}
