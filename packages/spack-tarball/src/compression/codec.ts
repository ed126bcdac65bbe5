// What can be done with a compression. One module implements it for each, and codecs.ts lists them.

import { SpackOciError } from "@spack-oci/errors";
import type { Allowance } from "./allowance.js";

/** Reads layers of one compression. */
export interface Decoder {
  /**
   * The uncompressed bytes. Fails with an error of its own if the stream is damaged or cut off.
   *
   * @param allowance for what a decoder holds to be faster; with it, each chunk is only valid until the next is
   *   requested
   */
  decode(chunks: AsyncIterable<Buffer>, allowance?: Allowance): AsyncIterable<Buffer>;
  /**
   * The whole archive at once, which is much quicker for small layers.
   *
   * @returns undefined if it is longer than `maxLength` bytes
   */
  decodeWhole(bytes: Buffer, maxLength: number): Promise<Buffer | undefined>;
  /** The archive as far as the first bytes of a layer hold it; undefined if they cannot be read by themselves. */
  decodeStart(bytes: Buffer): Buffer | undefined;
  /**
   * The end of the archive from each position at which the last bytes of a layer may be entered, the last one first. If
   * a position was a wrong guess, the archive does not begin with a header, or fails with kind `corrupt`.
   *
   * @param maxLength in bytes; longer ends may be left out
   */
  decodeEnd(bytes: Buffer, maxLength: number): Iterable<AsyncIterable<Buffer>>;
}

/** Reads and writes layers of one compression. */
export interface Codec extends Decoder {
  encode(tar: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
  /** The same bytes for an archive in memory: one chunk up to each entry point, in parts that belong together. */
  encodeAtOnce(tar: readonly Buffer[]): Promise<Buffer[]>;
}

/** The error for a layer that does not decompress. */
export function unreadableLayer(cause: unknown): SpackOciError {
  return new SpackOciError("ERR_LAYER_UNREADABLE", "The layer cannot be decompressed.", {
    kind: "corrupt",
    cause,
  });
}

/** All of `bytes` as a stream. */
export async function* streamOf(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}

/** Collects a stream, unless it is longer than `maxLength` bytes. */
export async function collect(chunks: AsyncIterable<Buffer>, maxLength: number): Promise<Buffer | undefined> {
  const collected: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    collected.push(chunk);
    length += chunk.length;
    if (length > maxLength) return undefined;
  }
  return Buffer.concat(collected);
}

/** Positions of `mark` in `bytes`, the last one first. */
export function* positionsFromEnd(bytes: Buffer, mark: Buffer): Generator<number, void, undefined> {
  for (let end = bytes.length; end > 0; ) {
    const position = bytes.subarray(0, end).lastIndexOf(mark);
    if (position < 0) return;
    yield position;
    end = position + mark.length - 1;
  }
}
