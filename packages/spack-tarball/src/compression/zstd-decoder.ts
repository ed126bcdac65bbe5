// Reads zstd with the first decoder that is available: Node's zlib, the native zstd-napi, or plain JavaScript.

import { createRequire } from "node:module";
import { pipeline, Readable, Transform, type TransformCallback } from "node:stream";
import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import { type FrameDecoder, readFrames } from "./zstd-frames.js";
import { zstdPieces } from "./zstd-pieces.js";

/** The decompressed stream. Fails if the input is damaged or cut off. */
export function decodeZstd(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // Node 22.15 and newer.
  const create = (zlib as { createZstdDecompress?: () => FrameDecoder }).createZstdDecompress;
  if (create !== undefined) return readFrames(chunks, create);
  // These decoders hold all of the output of a piece. Errors reach the reader of the last stream, but pipeline insists
  // on a callback.
  return pipeline(Readable.from(zstdPieces(chunks)), nativeDecoder() ?? new ScriptDecoder(), () => {});
}

function nativeDecoder(): Transform | undefined {
  try {
    const native = createRequire(import.meta.url)("zstd-napi") as { DecompressStream: new () => Transform };
    return new native.DecompressStream();
  } catch {
    // It is optional and compiled during installation: without it decoding is only slower.
    return undefined;
  }
}

/** Ten times slower than the others, but always available. */
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
