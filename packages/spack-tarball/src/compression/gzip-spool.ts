// Compresses a tar stream into a file while hashing both sides, so that the bytes are touched once.

import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

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

/** Spack's own level; level 9 is three times slower for 1 % (Spack: `util/archive.py`). */
const LEVEL = 6;

/** Byte of the gzip header that names the operating system; Spack writes "unknown" everywhere (RFC 1952, 2.3.1). */
const OS_OFFSET = 9;
const OS_UNKNOWN = 0xff;

/** @param path a file that does not exist yet; the caller removes it, also after an error */
export async function spoolGzip(tar: AsyncIterable<Buffer>, path: string): Promise<SpooledLayer> {
  const uncompressed = new Meter();
  const compressed = new Meter(normaliseGzipHeader);
  await pipeline(
    Readable.from(tar, { objectMode: false }),
    uncompressed,
    createGzip({ level: LEVEL, chunkSize: 128 * 1024 }),
    compressed,
    createWriteStream(path, { flags: "wx" }),
  );
  return {
    path,
    digest: compressed.digest(),
    size: compressed.size,
    diffId: uncompressed.digest(),
    uncompressedSize: uncompressed.size,
  };
}

function normaliseGzipHeader(chunk: Buffer, offset: number): void {
  if (offset <= OS_OFFSET && OS_OFFSET < offset + chunk.length) chunk[OS_OFFSET - offset] = OS_UNKNOWN;
}

/** Counts and hashes what passes; `amend` may change a chunk before that. */
class Meter extends Transform {
  readonly #hash: Hash = createHash("sha256");
  readonly #amend: ((chunk: Buffer, offset: number) => void) | undefined;
  size = 0;

  constructor(amend?: (chunk: Buffer, offset: number) => void) {
    super();
    this.#amend = amend;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#amend?.(chunk, this.size);
    this.#hash.update(chunk);
    this.size += chunk.length;
    done(null, chunk);
  }

  digest(): `sha256:${string}` {
    return `sha256:${this.#hash.digest("hex")}`;
  }
}
