// Lets a file be read while it is still being written.

import { open } from "node:fs/promises";

/** Bytes per read. */
const READ_SIZE = 256 * 1024;

/** The writer reports how far the file has grown; any number of readers follow, and end where it ends. */
export class GrowingFile {
  readonly #path: string;
  #size = 0;
  #hasEnded = false;
  #changed!: Promise<void>;
  #resolveChange!: () => void;

  constructor(path: string) {
    this.#path = path;
    this.#expectChange();
  }

  /** The file has this many bytes by now. */
  grow(size: number): void {
    if (size <= this.#size) return;
    this.#size = size;
    this.#notify();
  }

  /** The file will not grow any more: it is complete, or its writer gave up. */
  end(): void {
    this.#hasEnded = true;
    this.#notify();
  }

  /** Reads all bytes from the start, as they become available. */
  async *read(): AsyncGenerator<Buffer, void, undefined> {
    const file = await open(this.#path, "r");
    try {
      for (let position = 0; ; ) {
        const length = Math.min(READ_SIZE, this.#size - position);
        if (length > 0) {
          const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
          if (bytesRead === 0) return;
          position += bytesRead;
          yield buffer.subarray(0, bytesRead);
        } else if (this.#hasEnded) {
          return;
        } else {
          await this.#changed;
        }
      }
    } finally {
      await file.close();
    }
  }

  #expectChange(): void {
    this.#changed = new Promise((resolve) => {
      this.#resolveChange = resolve;
    });
  }

  #notify(): void {
    const announce = this.#resolveChange;
    this.#expectChange();
    announce();
  }
}
