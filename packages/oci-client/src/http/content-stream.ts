// Streams that keep nothing of a chunk once they have passed it on, and hold as few of them as possible.

import { Readable } from "node:stream";

/**
 * A stream whose only reader owns each chunk, and may let its memory be overwritten. Streams that share chunks with
 * anything else must not extend this.
 */
export abstract class ContentStream extends Readable {
  constructor() {
    // Nothing is read ahead; connections and the system do that.
    super({ highWaterMark: 0 });
  }

  /** Passes a chunk on. Returns whether the reader wants another one at once; if not, `_read` will be called. */
  protected pass(chunk: Uint8Array): boolean {
    return this.push(chunk) && !this.isPaused();
  }
}
