// A layer that is not compressed, or whose compression is unknown: the reader of the archive then reports what is wrong.

import { PassThrough, pipeline, Readable } from "node:stream";
import { BLOCK_SIZE } from "../tar/tar-entry.js";
import { type Decoder, streamOf } from "./codec.js";

/** What a POSIX header has in its middle, and where. */
const TAR_MAGIC = Buffer.from("ustar");
const TAR_MAGIC_OFFSET = 257;

export const plainDecoder: Decoder = {
  // Read ahead as the others are: the source may know better what is wrong with bytes that are not an archive.
  decode: (chunks) => pipeline(Readable.from(chunks), new PassThrough(), () => {}),
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
