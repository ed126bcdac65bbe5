// What a layer's first bytes tell of its compression.

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** What a frame begins with (RFC 8878, 3.1.1). */
export const ZSTD_MAGIC: Buffer = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** How many bytes are needed to tell. */
export const MAGIC_LENGTH: number = ZSTD_MAGIC.length;

/** How a layer is compressed that is there already. */
export type FoundCompression = "gzip" | "zstd" | "none";

/** @param start the first bytes, {@link MAGIC_LENGTH} of them if there are as many */
export function compressionOf(start: Buffer): FoundCompression {
  if (start.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) return "gzip";
  return start.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC) ? "zstd" : "none";
}
