// The chunks of a download on their way into an upload; their memory is given back once they are sent.

import { readMemory } from "./read-memory.js";

/** Chunks in order, from the moment they come. */
export class RelayedChunks {
  readonly #chunks: { readonly chunk: Uint8Array; readonly end: number }[] = [];
  readonly #endRelay = readMemory.beginRelay();
  #bytes = 0;
  #hasEnded = false;

  /** The next chunk comes. */
  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    this.#chunks.push({ chunk, end: this.#bytes });
  }

  /** All bytes were sent except for the last `waiting` ones. */
  sent(waiting: number): void {
    for (;;) {
      const [first] = this.#chunks;
      if (first === undefined || first.end > this.#bytes - waiting) return;
      this.#chunks.shift();
      readMemory.giveBack(first.chunk);
    }
  }

  /** What has not been sent by now may still be in use. */
  end(): void {
    for (const { chunk } of this.#chunks.splice(0)) readMemory.leave(chunk);
    if (!this.#hasEnded) this.#endRelay();
    this.#hasEnded = true;
  }
}
