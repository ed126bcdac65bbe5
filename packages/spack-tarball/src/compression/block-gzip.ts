// Compresses a stream into one gzip member on several threads, block by block, as pigz does.

import { promisify } from "node:util";
import { constants, crc32, deflateRaw, type InputType, type ZlibOptions } from "node:zlib";
import { compressInBlocks, underWay } from "./compress-in-blocks.js";

/**
 * Measured on shared libraries: twice as fast as level 6 with the usual memory, for layers that are 3 % larger, and 5 %
 * larger than Spack's (`util/archive.py`: level 6 of a zlib that searches longer).
 */
const EFFORT = { level: 4, memLevel: 9 };

/** Bytes that one thread compresses at a time. Must not depend on the number of threads, or the output would. */
export const BLOCK_SIZE = 512 * 1024;

/** How far back deflate can refer (RFC 1951, 2): what a block can borrow from the previous one. */
const WINDOW_SIZE = 32 * 1024;

/** No name, time or flags, and an unknown operating system, as Spack writes it (RFC 1952, 2.3.1). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

const compressBlock: (block: InputType, options: ZlibOptions) => Promise<Buffer> = promisify(deflateRaw);

/**
 * One gzip member (RFC 1952) of all `chunks`. The output depends neither on how the chunks are cut nor on the number of
 * threads.
 *
 * @param ahead number of blocks that are compressed at once, at least 1; each holds {@link BLOCK_SIZE} bytes and its output
 */
export async function* gzipInBlocks(
  chunks: AsyncIterable<Buffer>,
  ahead: number,
): AsyncGenerator<Buffer, void, undefined> {
  yield HEADER;
  let checksum = 0;
  let length = 0;
  let dictionary: Buffer | undefined;
  yield* compressInBlocks(chunks, { blockSize: BLOCK_SIZE, ahead }, ({ bytes, isLast, isEntry }) => {
    checksum = crc32(bytes, checksum);
    length += bytes.length;
    // An empty stored block between two blocks ends at a byte boundary, so that the outputs can be joined.
    const finishFlush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    const compressed = compressBlock(bytes, {
      ...EFFORT,
      // The output of a block fits into one chunk unless the block cannot be compressed.
      chunkSize: BLOCK_SIZE,
      finishFlush,
      ...(dictionary === undefined || isEntry ? {} : { dictionary }),
    });
    dictionary = bytes.subarray(Math.max(0, bytes.length - WINDOW_SIZE));
    return underWay(compressed);
  });
  yield trailer(checksum, length);
}

/** CRC-32 and length modulo 2^32, both little-endian (RFC 1952, 2.3.1). */
function trailer(checksum: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(checksum, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}
