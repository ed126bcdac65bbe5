// zstd: one frame after another, each of which can be read by itself.

import { type Codec, collect, positionsFromEnd, streamOf, unreadableLayer } from "./codec.js";
import { COMPRESSIONS } from "./compressions.js";
import { decodeZstd } from "./zstd-decoder.js";
import { zstdAtOnce, zstdInBlocks } from "./zstd-encoder.js";

/** What a frame begins with (RFC 8878, 3.1.1). */
const MAGIC = Buffer.from(COMPRESSIONS.zstd.magic);

export const zstdCodec: Codec = {
  encode: zstdInBlocks,
  encodeAtOnce: zstdAtOnce,
  decode: decodeZstd,
  decodeWhole: (bytes, maxLength) => collect(decodeZstd(streamOf(bytes)), maxLength),
  // A frame is 2 MiB of the archive: more than anybody reads of a layer's start.
  decodeStart: () => undefined,
  *decodeEnd(bytes) {
    for (const position of positionsFromEnd(bytes, MAGIC)) yield framesOf(bytes.subarray(position));
  },
};

async function* framesOf(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* decodeZstd(streamOf(bytes));
  } catch (error) {
    throw unreadableLayer(error);
  }
}
