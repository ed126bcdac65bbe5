// The body of an answer as it comes from undici, without a copy of it in between.

import type { Dispatcher } from "undici";
import { LendingStream } from "../http/lending-stream.js";

/** Bytes that wait for a slow reader. */
const READ_AHEAD = 64 * 1024;

/** The body of an answer. Destroying it before its end closes the connection. */
export class AnswerStream extends LendingStream {
  readonly #controller: Dispatcher.DispatchController;
  #isComplete = false;

  constructor(controller: Dispatcher.DispatchController) {
    super({ highWaterMark: READ_AHEAD });
    this.#controller = controller;
    // The reader gets the errors; if it is gone, they must not crash the process.
    this.on("error", () => {});
  }

  /** Takes the next bytes. */
  receive(chunk: Buffer): void {
    if (!this.pass(chunk)) this.#controller.pause();
  }

  /** All bytes have come. */
  complete(): void {
    this.#isComplete = true;
    this.push(null);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isComplete) this.#controller.abort(error ?? new Error("the answer was not read to its end"));
    // The reader gets the answer later, and has not had a chance to listen yet.
    if (this.readableFlowing === null) setImmediate(done, error);
    else done(error);
  }

  protected override demand(): void {
    // Not at once: undici may hand over the next bytes before it returns.
    process.nextTick(() => this.#controller.resume());
  }
}
