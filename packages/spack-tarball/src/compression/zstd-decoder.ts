// Finds something that reads zstd: Node's own zlib, else the native zstd-napi, else plain JavaScript.

import { createRequire } from "node:module";
import { Transform, type TransformCallback } from "node:stream";
import * as zlib from "node:zlib";
import { Decompress } from "fzstd";

/** A stream that decompresses zstd. */
export function createZstdDecoder(): Transform {
  return nodeDecoder() ?? nativeDecoder() ?? new ScriptDecoder();
}

/** Node 22.15 and newer. */
function nodeDecoder(): Transform | undefined {
  const create = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  return create?.();
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
