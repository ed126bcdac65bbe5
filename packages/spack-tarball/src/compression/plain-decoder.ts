// Layers that are not compressed. An unknown compression ends up here, too, and the tar reader reports it.

import { PassThrough, pipeline, Readable } from "node:stream";
import { BLOCK_SIZE } from "../tar/tar-entry.js";
import { type Decoder, streamOf } from "./codec.js";

/** The magic of a POSIX header, and its offset in the block. */
const TAR_MAGIC = Buffer.from("ustar");
const TAR_MAGIC_OFFSET = 257;

export const plainDecoder: Decoder = {
  // Reads ahead like the others, so that an error of the source comes before one of the tar reader.
  decode: (chunks) => pipeline(Readable.from(chunks), new PassThrough(), () => {}),
  decodeWhole: async (bytes, maxLength) => (bytes.length > maxLength ? undefined : bytes),
  decodeStart: (bytes) => bytes,
  *decodeEnd(bytes) {
    // The length of an archive is a multiple of a block's, so blocks can be counted from its end.
    const blocks = bytes.subarray(bytes.length % BLOCK_SIZE);
    for (let start = blocks.length - BLOCK_SIZE; start >= 0; start -= BLOCK_SIZE) {
      const magic = blocks.subarray(start + TAR_MAGIC_OFFSET, start + TAR_MAGIC_OFFSET + TAR_MAGIC.length);
      if (magic.equals(TAR_MAGIC)) yield streamOf(blocks.subarray(start));
    }
  },
};
