// A request's body on its way out: counted, watched for standing still, and never longer in memory than a chunk.
import type { RequestBody } from "../http/http.js";

/** The chunks of a body, and what went wrong while they were read. */
export interface UploadBody {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The error of the body's own source, which a connection is not to be blamed for. */
  sourceError(): unknown;
  /** Takes back the bytes that were counted, after an attempt that failed. */
  takeBack(): void;
}

/**
 * Opens a body. `onStall` is called when the connection takes no bytes for `stallTimeout` milliseconds; a source that
 * is slow to give some is no stall.
 */
export function openUploadBody(body: RequestBody, stallTimeout: number, onStall: () => void): UploadBody {
  let counted = 0;
  let sourceError: unknown;

  async function* chunks(): AsyncGenerator<Uint8Array> {
    let timer: NodeJS.Timeout | undefined;
    try {
      for await (const chunk of (await body.open()) as AsyncIterable<Uint8Array>) {
        timer = setTimeout(onStall, stallTimeout);
        timer.unref();
        yield chunk;
        clearTimeout(timer);
        counted += chunk.byteLength;
        body.onBytes?.(chunk.byteLength);
      }
    } catch (error) {
      sourceError = error;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    chunks: chunks(),
    sourceError: () => sourceError,
    takeBack: () => {
      if (counted > 0) body.onBytes?.(-counted);
    },
  };
}
