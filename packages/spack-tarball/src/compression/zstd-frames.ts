// Reads all frames of a zstd stream with a decoder that stops silently after the first, as Node's does.

import type { Transform } from "node:stream";

/** A decoder that counts the compressed bytes that it has consumed. */
export type FrameDecoder = Transform & { readonly bytesWritten: number };

/** The decompressed frames in order (RFC 8878, 3: a stream is one or more frames). */
export async function* readFrames(
  chunks: AsyncIterable<Buffer>,
  create: () => FrameDecoder,
): AsyncGenerator<Buffer, void, undefined> {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Buffer | undefined;
  do {
    const decoder = create();
    const feeding = feed(decoder, source, rest);
    // A failure of the source reaches the reader of the decoder.
    feeding.catch((error) => decoder.destroy(error as Error));
    yield* decoder as AsyncIterable<Buffer>;
    rest = await feeding;
  } while (rest !== undefined);
}

/** @returns the bytes after the frame; undefined at the end of the stream */
async function feed(
  decoder: FrameDecoder,
  source: AsyncIterator<Buffer>,
  first: Buffer | undefined,
): Promise<Buffer | undefined> {
  let chunk = first;
  for (;;) {
    if (chunk === undefined) {
      const next = await source.next();
      if (next.done === true) {
        decoder.end();
        return undefined;
      }
      chunk = next.value;
    }
    const before = decoder.bytesWritten;
    await write(decoder, chunk);
    const taken = decoder.bytesWritten - before;
    if (taken < chunk.length) return chunk.subarray(taken);
    chunk = undefined;
  }
}

function write(decoder: FrameDecoder, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    decoder.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
