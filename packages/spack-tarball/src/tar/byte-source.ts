// Reads exact numbers of bytes from a stream of chunks of any size.

/** A pull-based view of a byte stream. It holds at most one chunk beyond what was requested. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Whether no bytes are held. After a failed read: whether the stream ended where the read began. */
  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /** Exactly `length` bytes, or undefined if the stream ends before that. */
  async read(length: number): Promise<Buffer | undefined> {
    if (this.#held.length < length) return this.#join(length);
    const bytes = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return bytes;
  }

  /** The same across chunks, of which nothing else is copied. */
  async #join(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const part = await this.readSome(missing);
      if (part === undefined) {
        this.#held = Buffer.concat(parts);
        return undefined;
      }
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts, length);
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
    this.#held = Buffer.alloc(0);
    while ((await this.#chunks.next()).done !== true);
  }

  /** Ends the stream early, so that it releases its resources. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
