// A stream that can pass on lent memory without copying it, to a reader that says when it is done with it.

import { Readable } from "node:stream";
import { owned } from "./lent-memory.js";

/**
 * By default, readers may keep the chunks of the stream. After {@link lend}, a chunk is the reader's only until its
 * listener for `data` returns or, if the stream was paused meanwhile, until it is resumed.
 */
export abstract class LendingStream extends Readable {
  #isLending = false;

  /** Passes lent memory on from now on, to a reader that listens for `data`. */
  lend(): void {
    this.#isLending = true;
  }

  override resume(): this {
    super.resume();
    // Not at once: the caller may be handling a chunk.
    if (this.#isLending) process.nextTick(() => this.#isFlowing() && this.demand());
    return this;
  }

  override _read(): void {
    // Streams read ahead while they are paused. With lent memory, this would overwrite what the reader has.
    if (!this.#isLending || this.#isFlowing()) this.demand();
  }

  /** Lets the source continue. Must not call {@link pass} before it returns. */
  protected abstract demand(): void;

  /** Passes a chunk on. Returns whether the source may continue; if not, {@link demand} will be called. */
  protected pass(chunk: Uint8Array): boolean {
    const isTakenAtOnce = this.#isLending && this.#isFlowing() && this.readableLength === 0;
    return this.push(isTakenAtOnce ? chunk : owned(chunk)) && !this.isPaused();
  }

  #isFlowing(): boolean {
    return this.readableFlowing === true;
  }
}
