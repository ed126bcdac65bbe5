// Compresses an archive into a file and hashes both in the same pass.

import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { CODECS } from "./codecs.js";
import { type Compression, DEFAULT_COMPRESSION } from "./compressions.js";

/** A compressed layer in a file. Digests are `sha256:<hex>`. */
export interface SpooledLayer {
  /** The file. */
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

export interface SpoolArchiveOptions {
  readonly compression?: Compression | undefined;
  /** Called now and then with the number of bytes that are in the file and can be read already. */
  readonly onWritten?: ((size: number) => void) | undefined;
}

/**
 * @param path a file that does not exist yet; the caller removes it, also after an error
 * @throws SpackOciError `ERR_ZSTD_UNAVAILABLE` (`unsupported`)
 */
export async function spoolArchive(
  tar: AsyncIterable<Buffer>,
  path: string,
  { compression = DEFAULT_COMPRESSION, onWritten }: SpoolArchiveOptions = {},
): Promise<SpooledLayer> {
  const uncompressed = new Meter();
  const compressed = new Meter();
  const parts = compressed.pass(CODECS[compression].encode(uncompressed.pass(tar)));
  const file = createWriteStream(path, { flags: "wx" });
  await pipeline(
    parts,
    async function* (passing: AsyncIterable<Buffer>) {
      for await (const part of passing) {
        onWritten?.(file.bytesWritten);
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

/** Counts and hashes the bytes that pass. */
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
