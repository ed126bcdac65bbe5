// Compresses a tar stream into a file while hashing both sides, so that the bytes are touched once.

import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { availableParallelism } from "node:os";
import { pipeline } from "node:stream/promises";
import { gzipInBlocks } from "./block-gzip.js";
import { zstdInBlocks } from "./zstd-encoder.js";

/** How a layer is compressed. Every Spack reads gzip; zstd is faster and smaller, and takes Python 3.14 for Spack to read. */
export type Compression = "gzip" | "zstd";

/** What a spooled layer is. Digests are `sha256:<hex>`. */
export interface SpooledLayer {
  /** Where the compressed bytes are. */
  readonly path: string;
  /** Digest of the compressed bytes. */
  readonly digest: `sha256:${string}`;
  /** Number of compressed bytes. */
  readonly size: number;
  /** Digest of the tar archive itself (OCI image configuration, `rootfs.diff_ids`). */
  readonly diffId: `sha256:${string}`;
  /** Number of bytes of the tar archive. */
  readonly uncompressedSize: number;
}

/** No more processors than that can be kept busy by the one that reads and hashes. */
const MAX_AT_ONCE = 12;

/** A block for each processor, and one that is ready when a processor becomes free. */
const BLOCKS_AHEAD = Math.min(availableParallelism(), MAX_AT_ONCE) + 1;

const compressors: Record<Compression, (tar: AsyncIterable<Buffer>) => AsyncIterable<Buffer>> = {
  gzip: (tar) => gzipInBlocks(tar, BLOCKS_AHEAD),
  zstd: zstdInBlocks,
};

/**
 * @param path a file that does not exist yet; the caller removes it, also after an error
 * @param onWritten told now and then how many bytes are in the file and can be read already
 * @throws SpackOciError `ERR_ZSTD_UNAVAILABLE` (`unsupported`)
 */
export async function spoolArchive(
  tar: AsyncIterable<Buffer>,
  path: string,
  compression: Compression = "gzip",
  onWritten: (size: number) => void = () => {},
): Promise<SpooledLayer> {
  const uncompressed = new Meter();
  const compressed = new Meter();
  const parts = compressed.pass(compressors[compression](uncompressed.pass(tar)));
  const file = createWriteStream(path, { flags: "wx" });
  await pipeline(
    parts,
    async function* (passing: AsyncIterable<Buffer>) {
      for await (const part of passing) {
        onWritten(file.bytesWritten);
        yield part;
      }
    },
    file,
  );
  return {
    path,
    digest: compressed.digest(),
    size: compressed.size,
    diffId: uncompressed.digest(),
    uncompressedSize: uncompressed.size,
  };
}

/** Counts and hashes what passes. */
class Meter {
  readonly #hash: Hash = createHash("sha256");
  size = 0;

  async *pass(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk);
      this.size += chunk.length;
      yield chunk;
    }
  }

  digest(): `sha256:${string}` {
    return `sha256:${this.#hash.digest("hex")}`;
  }
}
