// Compresses an archive that is in memory, and hashes it before and after.

import { createHash } from "node:crypto";
import { CODECS } from "./codecs.js";
import { type Compression, DEFAULT_COMPRESSION } from "./compressions.js";
import type { SpooledLayer } from "./spool-archive.js";

/** A compressed layer in memory. */
export interface CompressedArchive extends Omit<SpooledLayer, "path"> {
  readonly bytes: Buffer;
}

/**
 * The bytes and digests that `spoolArchive` writes for the same archive.
 *
 * @param tar one chunk up to each entry point
 * @throws SpackOciError `ERR_ZSTD_UNAVAILABLE` (`unsupported`)
 */
export async function compressArchive(
  tar: readonly Buffer[],
  compression: Compression = DEFAULT_COMPRESSION,
): Promise<CompressedArchive> {
  const compressing = CODECS[compression].encodeAtOnce(tar);
  // Other threads compress meanwhile.
  const diffId = digestOf(tar);
  const bytes = Buffer.concat(await compressing);
  return {
    bytes,
    digest: digestOf([bytes]),
    size: bytes.length,
    diffId,
    uncompressedSize: tar.reduce((sum, chunk) => sum + chunk.length, 0),
  };
}

function digestOf(chunks: readonly Buffer[]): `sha256:${string}` {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}
