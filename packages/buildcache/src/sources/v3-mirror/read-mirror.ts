// Reads a Spack v3 mirror: what it holds, and what a package in it consists of.

import { gunzipSync } from "node:zlib";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  parseJson,
  readSpecDocument,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { type IndexDocument, readIndexDocument } from "@spack-oci/spack-store";
import { packagesIn } from "../../package-index/read-index.js";
import type { Run } from "../../schedule/run.js";
import { INDEX_MANIFEST_PATH, LAYOUT_PATH } from "./layout.js";
import {
  type BlobRecord,
  blobOfKind,
  MIRROR_COMPRESSION,
  type MirrorManifest,
  parseMirrorManifest,
} from "./manifest.js";
import { MAX_FILE_BYTES, type MirrorFiles } from "./mirror-files.js";

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
export async function readContents(files: MirrorFiles, { scheduler, signal }: Run): Promise<MirrorContents> {
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
  const read = (path: string) => scheduler.request(() => readEntry(files, path, signal));
  const entries = await Promise.all(paths.map(read));
  const graph = new Map(entries.flatMap(({ document }) => [...document.graph]));
  return { graph, packages: entries.map(({ document }) => document.root) };
}

/** The index of a mirror; undefined where it has none. */
export async function readMirrorIndex(
  files: MirrorFiles,
  signal?: AbortSignal,
): Promise<IndexDocument | undefined> {
  const place = `${files.name}/${INDEX_MANIFEST_PATH}`;
  try {
    const manifest = await readManifest(files, INDEX_MANIFEST_PATH, signal);
    const bytes = await readBlob(files, blobOfKind(manifest, /\.spack\.db\.v\d+\+json$/, place), signal);
    return readIndexDocument(bytes.toString("utf8"), place);
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return undefined;
    throw error;
  }
}

/** What a package consists of. @param path of its manifest, as `specManifestPath` returns it */
export async function readEntry(
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
    await files.read(LAYOUT_PATH, { signal });
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    throw new SpackOciError(
      "ERR_URL_MIRROR_NONE",
      `${files.name} is no Spack mirror: it has no ${LAYOUT_PATH}.`,
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
  return record.compression === MIRROR_COMPRESSION
    ? gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES })
    : bytes;
}
