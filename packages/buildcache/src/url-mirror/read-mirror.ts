// Reads a Spack v3 mirror: what it holds, and what a package in it consists of.

import { gunzipSync } from "node:zlib";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  type IndexDocument,
  parseJson,
  readIndexDocument,
  readSpecDocument,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-store";
import { packagesIn } from "../index/read-index.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { indexManifestPath, layoutPath, specManifestPath } from "./layout.js";
import {
  type BlobRecord,
  blobOfKind,
  type MirrorManifest,
  mirrorCompression,
  parseMirrorManifest,
} from "./manifest.js";
import { largestFile, type MirrorFiles } from "./mirror-files.js";

/** A package of a mirror. */
export interface MirrorEntry {
  readonly document: SpecDocument;
  /** Its install archive, as a layer of an image holds it. */
  readonly archive: BlobRecord;
  readonly signed: boolean;
}

/** What a mirror says it holds. */
export interface MirrorContents {
  readonly graph: SpecGraph;
  /** Those that have a binary. */
  readonly packages: readonly SpecNode[];
}

/**
 * Reads the index; in a directory without one, every package's spec.
 *
 * @throws SpackOciError `ERR_URL_MIRROR_NONE` (`not-found`) where there is no mirror, `ERR_URL_MIRROR_NO_INDEX` where it can
 *   be read only by its index and has none, and the errors of files and documents
 */
export async function readContents(
  files: MirrorFiles,
  scheduler: Scheduler,
  signal?: AbortSignal,
): Promise<MirrorContents> {
  await requireMirror(files, signal);
  const index = await readMirrorIndex(files, signal);
  if (index !== undefined) return { graph: index.graph, packages: packagesIn(index) };
  const paths = await files.specManifests();
  if (paths === undefined) {
    throw new SpackOciError("ERR_URL_MIRROR_NO_INDEX", `${files.name} has no index.`, {
      kind: "not-found",
      place: files.name,
      hint: "A web server does not list files; have Spack write the index: spack buildcache update-index.",
    });
  }
  const read = (path: string) => scheduler.light(() => readEntryAt(files, path, signal));
  const entries = await Promise.all(paths.map(read));
  const graph = new Map(entries.flatMap(({ document }) => [...document.graph]));
  return { graph, packages: entries.map(({ document }) => document.root) };
}

/** The index of a mirror; undefined where it has none. */
export async function readMirrorIndex(
  files: MirrorFiles,
  signal?: AbortSignal,
): Promise<IndexDocument | undefined> {
  const place = `${files.name}/${indexManifestPath}`;
  try {
    const manifest = await readManifest(files, indexManifestPath, signal);
    const bytes = await readBlob(files, blobOfKind(manifest, /\.spack\.db\.v\d+\+json$/, place), signal);
    return readIndexDocument(bytes.toString("utf8"), place);
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return undefined;
    throw error;
  }
}

/** What a package consists of. */
export function readEntry(
  files: MirrorFiles,
  graph: SpecGraph,
  node: SpecNode,
  signal?: AbortSignal,
): Promise<MirrorEntry> {
  return readEntryAt(files, specManifestPath(graph, node), signal);
}

/** The same by the path of its manifest. */
export async function readEntryAt(
  files: MirrorFiles,
  path: string,
  signal?: AbortSignal,
): Promise<MirrorEntry> {
  const place = `${files.name}/${path}`;
  const manifest = await readManifest(files, path, signal);
  const spec = await readBlob(files, blobOfKind(manifest, /\.spack\.spec\.v\d+\+json$/, place), signal);
  const document = readSpecDocument(parseJson(spec.toString("utf8"), { place }));
  const archive = blobOfKind(manifest, /\.spack\.install\.v2\.tar\+gzip$/, place);
  return { document, archive, signed: manifest.signed };
}

async function requireMirror(files: MirrorFiles, signal?: AbortSignal): Promise<void> {
  try {
    await files.read(layoutPath, { signal });
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    throw new SpackOciError(
      "ERR_URL_MIRROR_NONE",
      `${files.name} is no Spack mirror: it has no ${layoutPath}.`,
      {
        kind: "not-found",
        place: files.name,
        cause: error,
        hint: "Check its address; mirrors of Spacks before 1.0 are converted by: spack buildcache migrate.",
      },
    );
  }
}

async function readManifest(files: MirrorFiles, path: string, signal?: AbortSignal): Promise<MirrorManifest> {
  const bytes = await files.read(path, { signal });
  return parseMirrorManifest(bytes.toString("utf8"), `${files.name}/${path}`);
}

async function readBlob(files: MirrorFiles, record: BlobRecord, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await files.open(record, { signal })) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return record.compression === mirrorCompression
    ? gunzipSync(bytes, { maxOutputLength: largestFile })
    : bytes;
}
