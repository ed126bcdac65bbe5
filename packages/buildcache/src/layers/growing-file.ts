// A file that is read while it is being written.

import { open } from "node:fs/promises";

/** Bytes that are read at once. */
const PIECE = 256 * 1024;

/** Whoever writes the file tells how far it has come; any number of readers follow, and end where it ends. */
export class GrowingFile {
  readonly #path: string;
  #size = 0;
  #hasEnded = false;
  #changed!: Promise<void>;
  #announce!: () => void;

  constructor(path: string) {
    this.#path = path;
    this.#expectChange();
  }

  /** There are so many bytes by now. */
  grow(size: number): void {
    if (size <= this.#size) return;
    this.#size = size;
    this.#tell();
  }

  /** No more will come: the file is complete, or nobody goes on with it. */
  end(): void {
    this.#hasEnded = true;
    this.#tell();
  }

  /** The bytes from the first on, as they come. */
  async *read(): AsyncGenerator<Buffer, void, undefined> {
    const file = await open(this.#path, "r");
    try {
      for (let position = 0; ; ) {
        const length = Math.min(PIECE, this.#size - position);
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
      this.#announce = resolve;
    });
  }

  #tell(): void {
    const announce = this.#announce;
    this.#expectChange();
    announce();
  }
}
