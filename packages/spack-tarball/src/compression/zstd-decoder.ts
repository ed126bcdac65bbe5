// Reads zstd with what there is on this machine: Node's own zlib, else the native zstd-napi, else plain JavaScript.

import { createRequire } from "node:module";
import { pipeline, Readable, Transform, type TransformCallback } from "node:stream";
import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import { type FrameDecoder, readFrames } from "./zstd-frames.js";

/** What a stream of zstd says; it fails where the stream is damaged or cut off. */
export function decodeZstd(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // Node 22.15 and newer.
  const create = (zlib as { createZstdDecompress?: () => FrameDecoder }).createZstdDecompress;
  if (create !== undefined) return readFrames(chunks, create);
  // Errors reach the reader of the last stream; pipeline wants a callback all the same.
  return pipeline(Readable.from(inPieces(chunks)), nativeDecoder() ?? new ScriptDecoder(), () => {});
}

/** Bytes that these decoders get at once: they hold all that comes of them, which may be a thousand times as much. */
const PIECE_SIZE = 8 * 1024;

async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += PIECE_SIZE)
      yield chunk.subarray(start, start + PIECE_SIZE);
  }
}

function nativeDecoder(): Transform | undefined {
  try {
    const native = createRequire(import.meta.url)("zstd-napi") as { DecompressStream: new () => Transform };
    return new native.DecompressStream();
  } catch {
    // Optional and compiled on the machine: absent, or not built, is no error, only slower.
    return undefined;
  }
}

/** Ten times slower than the others, and always there. */
class ScriptDecoder extends Transform {
  readonly #decoder = new Decompress((chunk) => {
    this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  });

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#decoder.push(new Uint8Array(chunk));
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#decoder.push(new Uint8Array(0), true);
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}
