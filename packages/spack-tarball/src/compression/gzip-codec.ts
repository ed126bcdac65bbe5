// gzip: written in blocks, read by zlib. It can only be entered at a block that borrows nothing from the previous ones,
// which the mark of an empty stored block precedes.

import { availableParallelism } from "node:os";
import { pipeline, Readable, type TransformOptions } from "node:stream";
import { constants, createGunzip, gunzipSync, inflateRawSync, type ZlibOptions } from "node:zlib";
import { gzipAtOnce, gzipInBlocks } from "./block-gzip.js";
import { type Codec, positionsFromEnd, streamOf } from "./codec.js";

/** Bytes. Each chunk is a turn of the thread pool; larger ones than Node's default are markedly faster. */
const CHUNK_SIZE = 1024 * 1024;

/** Bytes. */
const MIN_CHUNK_SIZE = 64 * 1024;

/** Bytes that decompression may be ahead of the writer of the files, so that both work at once. */
const READ_AHEAD = 2 * CHUNK_SIZE;

/** The thread that reads and hashes cannot keep more processors busy. */
const MAX_AT_ONCE = 12;

/** A block for each processor, and one that is ready when a processor becomes free. */
const BLOCKS_AHEAD = Math.min(availableParallelism(), MAX_AT_ONCE) + 1;

const GUNZIP_OPTIONS: ZlibOptions & TransformOptions = {
  chunkSize: CHUNK_SIZE,
  readableHighWaterMark: READ_AHEAD,
};

/** An empty stored block, as zlib writes it when it is flushed (RFC 1951, 3.2.4). */
const FLUSH_MARK = Buffer.from([0, 0, 0xff, 0xff]);

/** CRC-32 and length (RFC 1952, 2.3.1). */
const TRAILER_LENGTH = 8;

export const gzipCodec: Codec = {
  encode: (tar) => gzipInBlocks(tar, BLOCKS_AHEAD),
  encodeAtOnce: gzipAtOnce,
  // Errors reach the reader of the last stream, but pipeline insists on a callback.
  decode: (chunks) => pipeline(Readable.from(chunks), createGunzip(GUNZIP_OPTIONS), () => {}),
  decodeWhole: async (bytes, maxLength) => gunzip(bytes, maxLength),
  decodeStart: (bytes) => inflated(() => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })),
  *decodeEnd(bytes, maxLength) {
    const deflated = bytes.subarray(0, -TRAILER_LENGTH);
    // A block that borrows from previous ones does not inflate, nor do bytes after something that only looks like a
    // mark.
    for (const position of positionsFromEnd(deflated, FLUSH_MARK)) {
      const block = deflated.subarray(position + FLUSH_MARK.length);
      const archive = inflated(() => inflateRawSync(block, { maxOutputLength: maxLength }));
      if (archive !== undefined) yield streamOf(archive);
    }
  },
};

/** @returns undefined if the output is longer than `maxLength` bytes */
function gunzip(bytes: Buffer, maxLength: number): Buffer | undefined {
  try {
    // One chunk of the right size is not copied. The length at the end may lie, which costs only time.
    const expected = bytes.length < TRAILER_LENGTH ? 0 : bytes.readUInt32LE(bytes.length - 4) + 1;
    const chunkSize = Math.min(Math.max(expected, MIN_CHUNK_SIZE), maxLength + 1);
    return gunzipSync(bytes, { chunkSize, maxOutputLength: maxLength });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

/** What inflates; undefined if zlib rejects it. */
function inflated(inflate: () => Buffer): Buffer | undefined {
  try {
    return inflate();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
