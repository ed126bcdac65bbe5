// A request's body on its way out: counted, watched for standing still, and never longer in memory than a chunk.
import type { RequestBody } from "../http/http.js";

/** What is handed to the connection at once, in bytes: of a larger piece, nobody could tell whether it moves. */
const pieceSize = 64 * 1024;

/** The pieces of a body, and what went wrong while they were read. */
export interface UploadBody {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** The error of the body's own source, which a connection is not to be blamed for. */
  sourceError(): unknown;
  /** Takes back the bytes that were counted, after an attempt that failed, or was answered by anything but a success. */
  takeBack(): void;
}

/**
 * Opens a body. `onStall` is called when the connection takes no bytes for `stallTimeout` milliseconds; a source that
 * is slow to give some is no stall.
 */
export function openUploadBody(body: RequestBody, stallTimeout: number, onStall: () => void): UploadBody {
  let counted = 0;
  let sourceError: unknown;

  // A generator of its own: a connection's error is thrown into the one below, and must not look like the source's.
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
        for (let start = 0; start < chunk.byteLength; start += pieceSize) {
          const piece = chunk.subarray(start, start + pieceSize);
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
