// A file that is only in memory.

import type { RandomAccess } from "./random-access.js";

/** Takes a buffer over: writes within it change it in place. */
export class MemoryFile implements RandomAccess {
  #bytes: Buffer;
  #size: number;
  #isChanged = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#size = bytes.length;
  }

  get size(): number {
    return this.#size;
  }

  /** The content; a view that later writes may change. */
  get bytes(): Buffer {
    return this.#size === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#size);
  }

  /** Whether anything was written. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  readNow(buffer: Buffer, position: number): number {
    return this.bytes.copy(buffer, 0, Math.min(position, this.#size));
  }

  writeNow(bytes: Buffer, position: number): void {
    const end = position + bytes.length;
    if (end > this.#bytes.length) this.#reserve(end);
    bytes.copy(this.#bytes, position);
    this.#size = Math.max(this.#size, end);
    this.#isChanged = true;
  }

  /** Replaces the content, whose length may differ. */
  replace(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#size = bytes.length;
    this.#isChanged = true;
  }

  #reserve(size: number): void {
    const larger = Buffer.alloc(Math.max(size, this.#size + 4096));
    this.bytes.copy(larger);
    this.#bytes = larger;
  }
}
