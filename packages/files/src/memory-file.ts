// A file that is only in memory.

import type { RandomAccess } from "./random-access.js";

/** Bytes that are reserved at least when a file grows: few enough for Node's pool. */
const MIN_GROWTH = 1024;

/**
 * Takes a buffer over: writes within it change it in place. What is written beyond its end is kept apart, so that a file
 * that grows a little is not copied.
 */
export class MemoryFile implements RandomAccess {
  #content: Buffer;
  /** What follows, with room for more. */
  #added: Buffer = Buffer.alloc(0);
  #size: number;
  #isChanged = false;

  constructor(bytes: Buffer) {
    this.#content = bytes;
    this.#size = bytes.length;
  }

  get size(): number {
    return this.#size;
  }

  /** The content; a view that later writes may change. A file that grew is copied once for it. */
  get bytes(): Buffer {
    if (this.#size > this.#content.length) {
      this.#content = Buffer.concat(this.parts);
      this.#added = Buffer.alloc(0);
    }
    return this.#content;
  }

  /** The content in one or two parts, without copying; views that later writes may change. */
  get parts(): readonly Buffer[] {
    const { length } = this.#content;
    return this.#size === length
      ? [this.#content]
      : [this.#content, this.#added.subarray(0, this.#size - length)];
  }

  /** Whether anything was written. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  readNow(buffer: Buffer, position: number): number {
    const { length } = this.#content;
    const done = position < length ? this.#content.copy(buffer, 0, position) : 0;
    const left = Math.min(buffer.length, this.#size - position) - done;
    if (left <= 0) return done;
    const start = position + done - length;
    return done + this.#added.copy(buffer, done, start, start + left);
  }

  viewNow(buffer: Buffer, position: number): Buffer {
    const end = position + buffer.length;
    if (end <= this.#content.length) return this.#content.subarray(position, end);
    return buffer.subarray(0, this.readNow(buffer, position));
  }

  writeNow(bytes: Buffer, position: number): void {
    const { length } = this.#content;
    const inside = Math.max(0, Math.min(bytes.length, length - position));
    bytes.copy(this.#content, position, 0, inside);
    if (inside < bytes.length) this.#add(bytes.subarray(inside), position + inside - length);
    this.#isChanged = true;
  }

  /** Replaces the content, whose length may differ. */
  replace(bytes: Buffer): void {
    this.#content = bytes;
    this.#added = Buffer.alloc(0);
    this.#size = bytes.length;
    this.#isChanged = true;
  }

  /** @param position from the end of the buffer that was taken over */
  #add(bytes: Buffer, position: number): void {
    const end = position + bytes.length;
    if (end > this.#added.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * this.#added.length, MIN_GROWTH));
      this.#added.copy(larger);
      this.#added = larger.fill(0, this.#added.length);
    }
    bytes.copy(this.#added, position);
    this.#size = Math.max(this.#size, this.#content.length + end);
  }
}
