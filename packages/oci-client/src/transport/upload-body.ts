// A request's body on its way out: counted, watched for stalls, and never in memory beyond a chunk.

import type { RequestBody } from "../http/http.js";

/** The size of the pieces handed to the connection, in bytes; with larger ones, progress could not be observed. */
const PIECE_SIZE = 64 * 1024;

/** The pieces of a body, and the errors of reading them. */
export interface UploadBody {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** The error of the body's own source, for which the connection is not to blame. */
  sourceError(): unknown;
  /** Takes back the counted bytes after an attempt that failed or was not answered with success. */
  takeBack(): void;
}

/**
 * Opens a body. `onStall` is called if the connection accepts no bytes for `stallTimeout` milliseconds; a slow source
 * is not a stall.
 */
export function openUploadBody(body: RequestBody, stallTimeout: number, onStall: () => void): UploadBody {
  let counted = 0;
  let sourceError: unknown;

  // A separate generator: a connection's error is thrown into the one below, and must not look like the source's.
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield* (await body.open()) as AsyncIterable<Uint8Array>;
    } catch (error) {
      sourceError = error;
      throw error;
    }
  }

  async function* pieces(): AsyncGenerator<Uint8Array> {
    let timer: NodeJS.Timeout | undefined;
    try {
      for await (const chunk of source()) {
        for (let start = 0; start < chunk.byteLength; start += PIECE_SIZE) {
          const piece = chunk.subarray(start, start + PIECE_SIZE);
          timer = setTimeout(onStall, stallTimeout);
          timer.unref();
          yield piece;
          clearTimeout(timer);
          counted += piece.byteLength;
          body.onBytes?.(piece.byteLength);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    pieces: pieces(),
    sourceError: () => sourceError,
    takeBack: () => {
      if (counted > 0) body.onBytes?.(-counted);
      counted = 0;
    },
  };
}
