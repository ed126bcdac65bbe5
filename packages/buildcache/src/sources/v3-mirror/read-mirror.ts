// Reads a Spack v3 mirror: which packages it lists, and the files of each.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  parseJson,
  readSpecDocument,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { type PackageIndex, readPackageIndex } from "@spack-oci/spack-store";
import { MAX_CONFIG_SIZE, MAX_INDEX_SIZE } from "../../failures/content-limits.js";
import { oversized, unpackGzip } from "../../failures/unpack-gzip.js";
import type { Run } from "../../schedule/run.js";
import type { ClearsignVerifier } from "../gpg/verify-clearsigned.js";
import { INDEX_MANIFEST_PATH, LAYOUT_PATH } from "./layout.js";
import {
  type BlobRecord,
  blobOfKind,
  isClearsigned,
  MIRROR_COMPRESSION,
  type MirrorManifest,
  parseMirrorManifest,
} from "./manifest.js";
import type { MirrorFiles } from "./mirror-files.js";

/** A package of a mirror. */
export interface MirrorEntry {
  readonly document: SpecDocument;
  /** Its install archive, as it becomes the layer of an image. */
  readonly archive: BlobRecord;
  /** Whether it has a signature that was not verified. */
  readonly isUnverified: boolean;
}

/** How to read a package. */
interface EntryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Undefined if signatures are ignored. */
  readonly verifier?: ClearsignVerifier | undefined;
}

/** The packages that a mirror lists. */
export interface MirrorContents {
  readonly graph: SpecGraph;
  /** Packages with a binary. */
  readonly packages: readonly SpecNode[];
}

/**
 * Reads the index, or every package's spec in a directory without one.
 *
 * @throws SpackOciError `ERR_URL_MIRROR_NONE` (`not-found`) if there is no mirror, `ERR_URL_MIRROR_NO_INDEX` if the
 *   mirror has no index and its files cannot be listed, and the errors of files and documents
 */
export async function readContents(files: MirrorFiles, { scheduler, signal }: Run): Promise<MirrorContents> {
  await requireMirror(files, signal);
  const index = await readMirrorIndex(files, signal);
  if (index !== undefined) return { graph: index.graph, packages: index.packages };
  const paths = await files.specManifests();
  if (paths === undefined) {
    throw new SpackOciError("ERR_URL_MIRROR_NO_INDEX", `${files.name} has no index.`, {
      kind: "not-found",
      place: files.name,
      hint: `A web server does not list files. Run "spack buildcache update-index" to write the index.`,
    });
  }
  const read = (path: string) => scheduler.request(() => readEntry(files, path, { signal }));
  const entries = await Promise.all(paths.map(read));
  const graph = new Map(entries.flatMap(({ document }) => [...document.graph]));
  return { graph, packages: entries.map(({ document }) => document.root) };
}

/** The index of a mirror; undefined if it has none. */
export async function readMirrorIndex(
  files: MirrorFiles,
  signal?: AbortSignal,
): Promise<PackageIndex | undefined> {
  const place = `${files.name}/${INDEX_MANIFEST_PATH}`;
  try {
    const manifest = await readManifest(files, INDEX_MANIFEST_PATH, signal);
    const bytes = await readBlob(files, blobOfKind(manifest, /\.spack\.db\.v\d+\+json$/, place), {
      limit: MAX_INDEX_SIZE,
      signal,
    });
    return readPackageIndex(bytes, place);
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return undefined;
    throw error;
  }
}

/**
 * Reads the manifest and spec of a package.
 *
 * @param path of its manifest, as `specManifestPath` returns it
 * @throws SpackOciError `ERR_GPG_UNSIGNED` (`corrupt`) if it has to be signed, and as the verifier does
 */
export async function readEntry(
  files: MirrorFiles,
  path: string,
  { signal, verifier }: EntryOptions,
): Promise<MirrorEntry> {
  const place = `${files.name}/${path}`;
  const text = (await files.read(path, { signal })).toString("utf8");
  const isSigned = isClearsigned(text);
  if (!isSigned && verifier?.isRequired === true) throw unsigned(place);
  const verified = isSigned ? await verifier?.verify(text, place, signal) : undefined;
  const manifest = parseMirrorManifest(verified ?? text, place);
  const spec = await readBlob(files, blobOfKind(manifest, /\.spack\.spec\.v\d+\+json$/, place), {
    limit: MAX_CONFIG_SIZE,
    signal,
  });
  const document = readSpecDocument(parseJson(spec.toString("utf8"), { place }));
  const archive = blobOfKind(manifest, /\.spack\.install\.v2\.tar\+gzip$/, place);
  return { document, archive, isUnverified: isSigned && verified === undefined };
}

async function requireMirror(files: MirrorFiles, signal?: AbortSignal): Promise<void> {
  try {
    await files.read(LAYOUT_PATH, { signal });
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    throw new SpackOciError(
      "ERR_URL_MIRROR_NONE",
      `${files.name} is not a Spack mirror: it has no ${LAYOUT_PATH}.`,
      {
        kind: "not-found",
        place: files.name,
        cause: error,
        hint: `Check its address. Run "spack buildcache migrate" to convert a mirror of Spack before 1.0.`,
      },
    );
  }
}

async function readManifest(files: MirrorFiles, path: string, signal?: AbortSignal): Promise<MirrorManifest> {
  const bytes = await files.read(path, { signal });
  return parseMirrorManifest(bytes.toString("utf8"), `${files.name}/${path}`);
}

function unsigned(place: string): SpackOciError {
  return new SpackOciError("ERR_GPG_UNSIGNED", `${place} is not signed.`, {
    kind: "corrupt",
    place,
    hint: "Copy without --gpg-keyring if you trust everybody who can write the mirror.",
  });
}

/** Reads a blob into memory. */
async function readBlob(
  files: MirrorFiles,
  record: BlobRecord,
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<Buffer> {
  const place = `${files.name}@${record.digest}`;
  if (record.size > limit) throw oversized(place, limit);
  const chunks: Buffer[] = [];
  for await (const chunk of await files.open(record, { signal })) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return record.compression === MIRROR_COMPRESSION ? unpackGzip({ bytes, place, limit }) : bytes;
}
