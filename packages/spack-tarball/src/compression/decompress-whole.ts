// Decompresses a layer that is in memory by its first bytes, since media types in buildcaches are not reliable.

import { unreadableLayer } from "./codec.js";
import { CODECS } from "./codecs.js";
import { compressionOf } from "./compressions.js";

/**
 * @param layer the compressed bytes; their digest is verified
 * @returns the archive; undefined if it is longer than `maxLength` bytes
 * @throws SpackOciError `ERR_LAYER_UNREADABLE` if the bytes do not decompress
 *
 * @example
 * ```ts
 * import { gzipSync } from "node:zlib";
 * import { decompressWhole } from "@spack-oci/spack-tarball";
 *
 * const layer = gzipSync("x".repeat(1000));
 * console.log((await decompressWhole(layer, 5000))?.length); // 1000
 * console.log(await decompressWhole(layer, 500)); // undefined
 * ```
 */
export async function decompressWhole(layer: Buffer, maxLength: number): Promise<Buffer | undefined> {
  try {
    return await CODECS[compressionOf(layer)].decodeWhole(layer, maxLength);
  } catch (error) {
    throw unreadableLayer(error);
  }
}
