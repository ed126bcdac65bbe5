// The body of an answer as it comes from undici, with nothing kept in between.

import type { Dispatcher } from "undici";
import { ContentStream } from "../http/content-stream.js";

/** The body of an answer. Destroying it before its end closes the connection. */
export class AnswerStream extends ContentStream {
  readonly #controller: Dispatcher.DispatchController;
  /** How many bytes will come; `NaN` if unknown. */
  #left: number;
  #isComplete = false;

  constructor(controller: Dispatcher.DispatchController, length: number) {
    super();
    this.#controller = controller;
    this.#left = length;
    // The reader gets the errors; if it is gone, they must not crash the process.
    this.on("error", () => {});
  }

  /** Takes the next bytes. */
  receive(chunk: Buffer): void {
    // undici continues a paused answer with an empty chunk, which is not what the reader has asked for.
    if (chunk.byteLength === 0) return;
    this.#left -= chunk.byteLength;
    // If a server closes the connection while the end of its answer is paused, undici takes it for cut.
    if (!this.pass(chunk) && this.#left !== 0) this.#controller.pause();
  }

  /** All bytes have come. */
  complete(): void {
    this.#isComplete = true;
    this.push(null);
  }

  override _read(): void {
    // Not at once: undici may hand over the next bytes before it returns.
    process.nextTick(() => this.#controller.resume());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isComplete) this.#controller.abort(error ?? new Error("the answer was not read to its end"));
    // The reader gets the answer later, and has not had a chance to listen yet.
    if (this.readableFlowing === null) setImmediate(done, error);
    else done(error);
  }
}
