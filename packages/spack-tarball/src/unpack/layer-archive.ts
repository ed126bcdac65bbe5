// The archive in a layer as it is decompressed, with its digest.

import { createHash } from "node:crypto";
import { type Allowance, UNLIMITED } from "../compression/allowance.js";
import { decompress } from "../compression/decompress.js";

/** A decompressed layer on its way. */
export interface LayerArchive {
  /** Each chunk is only valid until the next is requested. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Digest of all chunks (OCI image specification, "Layer DiffID"); call once all of them were read. */
  diffId(): string;
}

/**
 * @param layer the compressed bytes; if their digest is wrong, the stream must fail before its end
 * @param allowance for decompressing on several threads at once
 * @returns an archive whose chunks fail with `ERR_LAYER_UNREADABLE`, and the errors of `layer`
 */
export function openArchive(layer: AsyncIterable<Buffer>, allowance: Allowance = UNLIMITED): LayerArchive {
  const hash = createHash("sha256");
  const hashed = async function* (): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of decompress(layer, allowance)) {
      hash.update(chunk);
      yield chunk;
    }
  };
  return { chunks: hashed(), diffId: () => `sha256:${hash.digest("hex")}` };
}
