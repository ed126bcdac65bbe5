// Reads exact numbers of bytes from a stream of chunks of any size.

import { freeMemory } from "@spack-oci/files";

export interface ByteSourceOptions {
  /**
   * Whether bytes are used only until more are read or the source is closed. Then chunks may be as short-lived, and
   * memory that bytes are joined in is freed.
   */
  readonly isTransient?: boolean | undefined;
}

/** A pull-based view of a byte stream. It holds at most one chunk beyond what was requested. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #isTransient: boolean;
  #held: Buffer = Buffer.alloc(0);
  /** The bytes that were joined last, if they are transient. */
  #joined: Buffer | undefined;

  constructor(stream: AsyncIterable<Buffer>, { isTransient = false }: ByteSourceOptions = {}) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#isTransient = isTransient;
  }

  /** Whether no bytes are held. After a failed read: whether the stream ended where the read began. */
  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /** Exactly `length` bytes, or undefined if the stream ends before that. */
  async read(length: number): Promise<Buffer | undefined> {
    if (this.#held.length < length) {
      const bytes = await this.readOwn(length);
      if (this.#isTransient) this.#joined = bytes;
      return bytes;
    }
    this.#freeJoined();
    const bytes = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return bytes;
  }

  /** The same in new memory, which belongs to the caller. */
  async readOwn(length: number): Promise<Buffer | undefined> {
    const bytes = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length; ) {
      // Copied at once, because a chunk may not outlive the next one.
      const part = await this.readSome(length - filled);
      if (part === undefined) {
        this.#held = bytes.subarray(0, filled);
        return undefined;
      }
      filled += part.copy(bytes, filled);
    }
    return bytes;
  }

  /** The next bytes without taking them; fewer than `length` if the stream ends before. */
  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    }
    return this.#held.subarray(0, length);
  }

  /** Everything that is left. */
  async *rest(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const bytes = await this.readSome(Infinity);
      if (bytes === undefined) return;
      yield bytes;
    }
  }

  /** The next bytes that are available, at most `limit`; undefined at the end. */
  async readSome(limit: number): Promise<Buffer | undefined> {
    this.#freeJoined();
    while (this.#held.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#held = next.value;
    }
    const bytes = this.#held.subarray(0, limit);
    this.#held = this.#held.subarray(bytes.length);
    return bytes;
  }

  /** Reads to the end and discards the bytes, so that a digest check inside the stream sees all of them. */
  async drain(): Promise<void> {
    this.#freeJoined();
    this.#held = Buffer.alloc(0);
    while ((await this.#chunks.next()).done !== true);
  }

  /** Ends the stream early, so that it releases its resources. */
  async close(): Promise<void> {
    this.#freeJoined();
    await this.#chunks.return?.();
  }

  #freeJoined(): void {
    if (this.#joined !== undefined) freeMemory(this.#joined);
    this.#joined = undefined;
  }
}
