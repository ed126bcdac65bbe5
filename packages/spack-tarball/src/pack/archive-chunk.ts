// The memory in which an archive is put together, chunk by chunk.

/** Bytes. */
const CHUNK_SIZE = 512 * 1024;

/** A chunk that is being filled. When it is full, it is handed on, and then filled again from the start. */
export class ArchiveChunk {
  readonly #bytes = Buffer.allocUnsafeSlow(CHUNK_SIZE);
  #filled = 0;

  /** The most that {@link room} can have. */
  readonly size = CHUNK_SIZE;

  /** What is left to fill. */
  get room(): Buffer {
    return this.#bytes.subarray(this.#filled);
  }

  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  get isFull(): boolean {
    return this.#filled === CHUNK_SIZE;
  }

  /** Adds as much as fits. @returns how many bytes that was */
  add(bytes: Buffer, start = 0): number {
    const count = bytes.copy(this.#bytes, this.#filled, start);
    this.#filled += count;
    return count;
  }

  /** Adds the first bytes of the room, which were written there. @returns these bytes */
  grow(count: number): Buffer {
    const start = this.#filled;
    this.#filled += count;
    return this.#bytes.subarray(start, this.#filled);
  }

  /** Hands on what was added; it is valid until anything else is. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#filled);
    this.#filled = 0;
    return taken;
  }
}
