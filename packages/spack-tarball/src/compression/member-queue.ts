// Cuts a compressed stream into members of known length.

/** Takes exact numbers of bytes from a stream, and can hand on the rest. */
export class MemberQueue {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #length = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes without taking them; fewer than `length` if the stream ends before. */
  async peek(length: number): Promise<Buffer> {
    await this.#fill(length);
    if (this.#held.length > 1 && (this.#held[0] as Buffer).length < length)
      this.#held = [Buffer.concat(this.#held)];
    return this.#held[0]?.subarray(0, length) ?? Buffer.alloc(0);
  }

  /** Takes the next bytes; fewer than `length` if the stream ends before. */
  async take(length: number): Promise<Buffer> {
    await this.#fill(length);
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0 && this.#held.length > 0; ) {
      const [first] = this.#held as [Buffer];
      const part = first.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      this.#length -= part.length;
      if (part.length === first.length) this.#held.shift();
      else this.#held[0] = first.subarray(part.length);
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** Everything that is left. */
  async *rest(): AsyncGenerator<Buffer, void, undefined> {
    const held = this.#held;
    this.#held = [];
    yield* held;
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next())
      yield next.value;
  }

  async #fill(length: number): Promise<void> {
    while (this.#length < length) {
      const next = await this.#source.next();
      if (next.done === true) return;
      this.#held.push(next.value);
      this.#length += next.value.length;
    }
  }
}
