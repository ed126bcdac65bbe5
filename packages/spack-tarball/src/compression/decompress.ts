// Opens a layer whatever its compression, which its first bytes tell: media types of buildcaches do not.

import { PassThrough, pipeline, Readable, type TransformOptions } from "node:stream";
import { createGunzip, type ZlibOptions } from "node:zlib";
import { SpackOciError } from "@spack-oci/errors";
import { compressionOf, MAGIC_LENGTH } from "./magic.js";
import { decodeZstd } from "./zstd-decoder.js";

/** Each chunk is a turn of the thread pool; larger ones than Node's default are markedly faster. */
const CHUNK_SIZE = 1024 * 1024;
/** How far decompression may be ahead of whoever writes the files, so that both go on at once. */
const AHEAD = 2 * CHUNK_SIZE;
const GUNZIP_OPTIONS: ZlibOptions & TransformOptions = {
  chunkSize: CHUNK_SIZE,
  readableHighWaterMark: AHEAD,
};

/**
 * The uncompressed bytes of a gzip, zstd or plain stream. An error of `compressed` (a wrong digest, a cut connection)
 * is thrown as it is.
 *
 * @throws SpackOciError `ERR_LAYER_UNREADABLE` where the bytes do not decompress
 */
export async function* decompress(
  compressed: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  const source = new WatchedSource(compressed);
  try {
    const magic = await source.peek(MAGIC_LENGTH);
    yield* decoded(source.chunks(), magic);
    // A decoder may stop early (gzip does at zeros behind its data), while the digest is checked at the very end.
    await source.drain();
  } catch (error) {
    if (source.error !== undefined) throw source.error;
    throw new SpackOciError("ERR_LAYER_UNREADABLE", "The layer cannot be decompressed.", {
      kind: "corrupt",
      cause: error,
    });
  } finally {
    await source.close();
  }
}

function decoded(chunks: AsyncIterable<Buffer>, magic: Buffer): AsyncIterable<Buffer> {
  // Errors reach the reader of the last stream; pipeline wants a callback all the same.
  const compression = compressionOf(magic);
  if (compression === "gzip") return pipeline(Readable.from(chunks), createGunzip(GUNZIP_OPTIONS), () => {});
  if (compression === "zstd") return decodeZstd(chunks);
  // Read ahead as the others are: the source may know better what is wrong with bytes that are no archive.
  return pipeline(Readable.from(chunks), new PassThrough(), () => {});
}

/** A stream whose first bytes can be seen before it is read, and that remembers its own failure. */
class WatchedSource {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  error: unknown;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const next = await this.#next();
      if (next.done === true) break;
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    return this.#held.subarray(0, length);
  }

  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    if (this.#held.length > 0) yield this.#held;
    for (;;) {
      const next = await this.#next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  async drain(): Promise<void> {
    while ((await this.#next()).done !== true);
    if (this.error !== undefined) throw this.error;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Remembers only what the source itself throws: a failing decoder is thrown into {@link chunks} as well. */
  async #next(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.#source.next();
    } catch (error) {
      this.error = error;
      throw error;
    }
  }
}
