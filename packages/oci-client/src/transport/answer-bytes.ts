// The body of a short answer, collected as it comes from undici, without a stream.

import type { Dispatcher } from "undici";

/** How long an answer may be. */
export interface AnswerLimit {
  readonly bytes: number;
  /** The error for a longer one; if undefined, the rest is cut off. */
  readonly excess: (() => Error) | undefined;
}

/** The bytes of an answer. */
export class AnswerBytes {
  /** Fails if the connection breaks, or with the error of the limit. */
  readonly bytes: Promise<Buffer>;
  readonly #controller: Dispatcher.DispatchController;
  readonly #limit: AnswerLimit;
  readonly #chunks: Buffer[] = [];
  readonly #listeners: (() => void)[] = [];
  #settle: { resolve(bytes: Buffer): void; reject(error: Error): void } | undefined;
  #size = 0;

  constructor(controller: Dispatcher.DispatchController, limit: AnswerLimit) {
    this.#controller = controller;
    this.#limit = limit;
    this.bytes = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // The reader gets the answer later, and has not had a chance to listen yet.
    this.bytes.catch(() => {});
  }

  /** Takes the next bytes. */
  receive(chunk: Buffer): void {
    if (this.#settle === undefined) return;
    this.#size += chunk.byteLength;
    const { bytes, excess } = this.#limit;
    if (this.#size <= bytes) {
      this.#chunks.push(chunk);
      return;
    }
    const error = excess?.();
    if (error === undefined) this.complete();
    else this.destroy(error);
    this.#controller.abort(error ?? new Error("the rest of the answer is not needed"));
  }

  complete(): void {
    // A copy even of a single chunk, which may be a small part of what was read.
    this.#settle?.resolve(Buffer.concat(this.#chunks));
    this.#close();
  }

  destroy(error: Error): void {
    this.#settle?.reject(error);
    this.#close();
  }

  once(_: "close", listener: () => void): void {
    if (this.#settle === undefined) listener();
    else this.#listeners.push(listener);
  }

  #close(): void {
    this.#settle = undefined;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
