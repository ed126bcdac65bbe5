// Reads where a package was built from the ends of its layer. gzip cannot be entered just anywhere: only where a writer has
// begun a block that borrows nothing from what is before it, which leaves the mark of an empty stored block.

import { constants, gunzipSync, inflateRawSync } from "node:zlib";
import { isSpackOciError } from "@spack-oci/errors";
import { MAX_BUILD_INFO } from "../build-info/build-info-member.js";
import { decompress } from "../compression/decompress.js";
import { compressionOf, type FoundCompression, ZSTD_MAGIC } from "../compression/magic.js";
import { BLOCK_SIZE } from "../tar/tar-entry.js";
import { readTar } from "../tar/tar-reader.js";
import { type LayerProvenance, ProvenanceReader } from "./layer-provenance.js";

/** An empty stored block, as zlib writes it when it is flushed (RFC 1951, 3.2.4). */
const FLUSH_MARK = Buffer.from([0, 0, 0xff, 0xff]);

/** CRC-32 and length (RFC 1952, 2.3.1). */
const GZIP_TRAILER = 8;

/** What a POSIX header has in its middle, and where. */
const TAR_MAGIC = Buffer.from("ustar");
const TAR_MAGIC_OFFSET = 257;

/**
 * What the first bytes of a layer tell.
 *
 * @returns undefined where they cannot be read by themselves: for zstd, and for what is no archive
 */
export async function provenanceAtStart(bytes: Buffer): Promise<LayerProvenance | undefined> {
  const compression = compressionOf(bytes);
  if (compression === "zstd") return undefined;
  const archive = compression === "gzip" ? inflated(() => gunzipSync(bytes, partial)) : bytes;
  if (archive === undefined) return undefined;
  const reader = new ProvenanceReader();
  await seeMembers(reader, once(archive));
  return reader.provenance;
}

/**
 * What the last bytes of a layer tell: everything that its `binary_distribution` says.
 *
 * @param compression of the layer, by its first bytes
 * @returns undefined where they cannot be entered, or the member begins before them
 */
export async function provenanceAtEnd(
  bytes: Buffer,
  compression: FoundCompression,
): Promise<LayerProvenance | undefined> {
  for (const archive of ends[compression](bytes)) {
    const reader = new ProvenanceReader();
    await seeMembers(reader, archive);
    if (reader.provenance.buildInfo !== undefined) return reader.provenance;
  }
  return undefined;
}

/** Where a layer may be entered, the last place first. */
const ends: Record<FoundCompression, (bytes: Buffer) => Iterable<AsyncIterable<Buffer>>> = {
  gzip: endsOfGzip,
  zstd: endsOfZstd,
  none: endsOfTar,
};

const partial = { finishFlush: constants.Z_SYNC_FLUSH };

/** What is behind each mark, the last one first; where it borrows from before the mark, or there was none, it does not inflate. */
function* endsOfGzip(bytes: Buffer): Generator<AsyncIterable<Buffer>, void, undefined> {
  const deflated = bytes.subarray(0, -GZIP_TRAILER);
  const options = { maxOutputLength: 2 * MAX_BUILD_INFO };
  for (const at of lastPlaces(deflated, FLUSH_MARK)) {
    const archive = inflated(() => inflateRawSync(deflated.subarray(at + FLUSH_MARK.length), options));
    if (archive !== undefined) yield once(archive);
  }
}

/** Each of what looks like a frame. */
function* endsOfZstd(bytes: Buffer): Generator<AsyncIterable<Buffer>, void, undefined> {
  for (const at of lastPlaces(bytes, ZSTD_MAGIC)) yield decompress(once(bytes.subarray(at)));
}

/** Where `bytes` has `mark`, from its end on. */
function* lastPlaces(bytes: Buffer, mark: Buffer): Generator<number, void, undefined> {
  for (let end = bytes.length; end > 0; ) {
    const at = bytes.subarray(0, end).lastIndexOf(mark);
    if (at < 0) return;
    yield at;
    end = at + mark.length - 1;
  }
}

/** Everything from each header on, the last one first. */
function* endsOfTar(bytes: Buffer): Generator<AsyncIterable<Buffer>, void, undefined> {
  // An archive's length is a multiple of a block's, so that blocks are counted from its end.
  const blocks = bytes.subarray(bytes.length % BLOCK_SIZE);
  for (let at = blocks.length - BLOCK_SIZE; at >= 0; at -= BLOCK_SIZE) {
    const magic = blocks.subarray(at + TAR_MAGIC_OFFSET, at + TAR_MAGIC_OFFSET + TAR_MAGIC.length);
    if (magic.equals(TAR_MAGIC)) yield once(blocks.subarray(at));
  }
}

/** Lets a reader see the members of a piece of an archive, as far as they are whole. */
async function seeMembers(reader: ProvenanceReader, archive: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const member of readTar(archive)) {
      await reader.see(member);
      if (reader.isPastMetadata) return;
    }
  } catch (error) {
    // It is cut somewhere, or does not begin with a header: what was whole was seen.
    if (!isSpackOciError(error, "corrupt")) throw error;
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}

/** What inflates; undefined where zlib says that it is not what was deflated. */
function inflated(inflate: () => Buffer): Buffer | undefined {
  try {
    return inflate();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
