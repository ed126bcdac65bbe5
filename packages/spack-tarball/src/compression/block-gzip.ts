// Compresses a stream into gzip members on several threads, block by block.

import { promisify } from "node:util";
import { crc32, deflateRaw, type InputType, type ZlibOptions } from "node:zlib";
import { compressInBlocks, cutAtOnce, underWay } from "./compress-in-blocks.js";
import { sizedMember } from "./sized-members.js";

/**
 * Measured on shared libraries: twice as fast as level 6 with the usual memory, for layers that are 3 % larger, and 5 %
 * larger than Spack's (`util/archive.py`: level 6 of a zlib that searches longer).
 */
const EFFORT = { level: 4, memLevel: 9 };

/** Bytes of a member's content. Must not depend on the number of threads, or the output would. */
export const BLOCK_SIZE = 512 * 1024;

/** Bytes; what Node requires is less. */
const MIN_CHUNK_SIZE = 1024;

const deflateBlock: (block: InputType, options: ZlibOptions) => Promise<Buffer> = promisify(deflateRaw);

/**
 * A gzip member (RFC 1952) for each block of all `chunks`. The output depends neither on how the chunks are cut nor on
 * the number of threads.
 *
 * @param ahead number of blocks that are compressed at once, at least 1; each holds {@link BLOCK_SIZE} bytes and its
 *   output
 */
export function gzipInBlocks(
  chunks: AsyncIterable<Buffer>,
  ahead: number,
): AsyncGenerator<Buffer, void, undefined> {
  return compressInBlocks(chunks, { blockSize: BLOCK_SIZE, ahead }, (block) =>
    underWay(compressBlock(block)),
  );
}

/** The same members of an archive in memory; all of its blocks are compressed at once. */
export function gzipAtOnce(chunks: readonly Buffer[]): Promise<Buffer[]> {
  return Promise.all(cutAtOnce(chunks, BLOCK_SIZE).map(compressBlock));
}

async function compressBlock(bytes: Buffer): Promise<Buffer> {
  const checksum = crc32(bytes);
  // The output of a block fits into one chunk unless the block cannot be compressed.
  const chunkSize = Math.max(MIN_CHUNK_SIZE, bytes.length);
  return sizedMember(await deflateBlock(bytes, { ...EFFORT, chunkSize }), checksum, bytes.length);
}
