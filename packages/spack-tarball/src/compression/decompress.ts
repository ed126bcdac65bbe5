// Decompresses a layer by its first bytes, since media types in buildcaches are not reliable.

import type { Allowance } from "./allowance.js";
import { unreadableLayer } from "./codec.js";
import { CODECS } from "./codecs.js";
import { compressionOf, MAGIC_LENGTH } from "./compressions.js";

/**
 * The uncompressed bytes of a layer, whatever its compression. An error of `compressed` (a wrong digest, a cut
 * connection) is thrown as it is.
 *
 * @param allowance for decompressing on several threads at once; with it, each chunk is only valid until the next is
 *   requested
 * @throws SpackOciError `ERR_LAYER_UNREADABLE` if the bytes do not decompress
 */
export async function* decompress(
  compressed: AsyncIterable<Buffer>,
  allowance?: Allowance,
): AsyncGenerator<Buffer, void, undefined> {
  const source = new WatchedSource(compressed);
  try {
    const compression = compressionOf(await source.peek(MAGIC_LENGTH));
    yield* CODECS[compression].decode(source.chunks(), allowance);
    // A decoder may stop early (gzip does at zeros behind its data), but the digest is checked at the very end.
    await source.drain();
  } catch (error) {
    throw source.error ?? unreadableLayer(error);
  } finally {
    await source.close();
  }
}

/** A stream whose first bytes can be inspected before it is read, and that remembers its own failure. */
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

  /** Remembers only errors of the source itself: those of a decoder are thrown into {@link chunks}, too. */
  async #next(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.#source.next();
    } catch (error) {
      this.error = error;
      throw error;
    }
  }
}
