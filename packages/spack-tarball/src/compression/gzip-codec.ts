// gzip: written in members that say how long they are, and entered at any of them.

import { availableParallelism } from "node:os";
import { constants, gunzipSync } from "node:zlib";
import { gzipAtOnce, gzipInBlocks } from "./block-gzip.js";
import { type Codec, positionsFromEnd, streamOf } from "./codec.js";
import { inflateMembers } from "./inflate-members.js";
import { contentLengthOf, lengthOfMember, MEMBER_MARK, TRAILER_LENGTH } from "./sized-members.js";

/** Bytes. */
const MIN_CHUNK_SIZE = 64 * 1024;

/** The thread that reads and hashes cannot keep more processors busy. */
const MAX_AT_ONCE = 12;

/** A block for each processor, and one that is ready when a processor becomes free. */
const BLOCKS_AHEAD = Math.min(availableParallelism(), MAX_AT_ONCE) + 1;

export const gzipCodec: Codec = {
  encode: (tar) => gzipInBlocks(tar, BLOCKS_AHEAD),
  encodeAtOnce: gzipAtOnce,
  decode: inflateMembers,
  decodeWhole: async (bytes, maxLength) => gunzip(bytes, maxLength),
  decodeStart: (bytes) => inflated(() => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })),
  *decodeEnd(bytes, maxLength) {
    // What only looks like the start of a member does not inflate.
    for (const position of positionsFromEnd(bytes, MEMBER_MARK)) {
      const members = bytes.subarray(position);
      const archive = inflated(() => gunzipSync(members, { maxOutputLength: maxLength }));
      if (archive !== undefined) yield streamOf(archive);
    }
  },
};

/** @returns undefined if the output is longer than `maxLength` bytes */
function gunzip(bytes: Buffer, maxLength: number): Buffer | undefined {
  try {
    // One chunk of the right size is not copied. The lengths may lie, which costs only time.
    const chunkSize = Math.min(Math.max(expectedLength(bytes) + 1, MIN_CHUNK_SIZE), maxLength + 1);
    return gunzipSync(bytes, { chunkSize, maxOutputLength: maxLength });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

/**
 * Bytes that all members say they have. Of a stream whose members do not say how long they are, only the last counts.
 */
function expectedLength(bytes: Buffer): number {
  let expected = 0;
  let rest = bytes;
  for (let length = lengthOfMember(rest); length !== undefined && length < rest.length; ) {
    expected += contentLengthOf(rest.subarray(0, length));
    rest = rest.subarray(length);
    length = lengthOfMember(rest);
  }
  return rest.length < TRAILER_LENGTH ? expected : expected + contentLengthOf(rest);
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
