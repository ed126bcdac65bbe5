// Memory that connections read into. A relay (an upload whose body is a download) gives memory back once its bytes are
// sent, and connections read into it again. Everybody else keeps what was read, as usual.

/** Longer reads take fewer steps; relays take turns with little memory, so theirs can be long. */
const RELAY_SIZE = 256 * 1024;
/** What Node reads at once. */
const USUAL_SIZE = 64 * 1024;
/** One piece is being sent, and one waits; the connection has a third one to read into. */
const PIECES_PER_RELAY = 2;

/** The memory for all connections of this process. */
export class ReadMemory {
  /** How many bytes were read into each long piece of memory that a reader has. */
  readonly #lent = new WeakMap<ArrayBufferLike, number>();
  readonly #free: Buffer[] = [];
  #lentPieces = 0;
  #relays = 0;

  /** Memory for a connection's first reads, which are mostly short. */
  first(): Buffer {
    return Buffer.allocUnsafeSlow(USUAL_SIZE);
  }

  /** Memory for a connection to read into next. */
  next(): Buffer {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    return Buffer.allocUnsafeSlow(this.#mayHaveMore() ? RELAY_SIZE : USUAL_SIZE);
  }

  /** The bytes that a connection has read into this memory, for a reader. */
  lend(memory: Buffer, count: number): Buffer {
    if (memory.byteLength === RELAY_SIZE) {
      this.#lent.set(memory.buffer, count);
      this.#lentPieces += 1;
    }
    return memory.subarray(0, count);
  }

  /** Takes back the memory of a chunk that nobody needs any longer, unless it also holds something else. */
  giveBack(chunk: Uint8Array): void {
    if (this.leave(chunk) && this.#mayHaveMore()) this.#free.push(Buffer.from(chunk.buffer));
  }

  /** Leaves the memory of a chunk to the collector. Returns whether the chunk was all that the memory held. */
  leave({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
    const length = this.#lent.get(buffer);
    if (length === undefined) return false;
    this.#lent.delete(buffer);
    this.#lentPieces -= 1;
    return byteOffset === 0 && byteLength === length;
  }

  /** Call when a relay begins, and the returned function when it ends. */
  beginRelay(): () => void {
    this.#relays += 1;
    return () => {
      this.#relays -= 1;
      while (this.#free.length > 0 && !this.#mayHaveMore()) this.#free.pop();
      // Readers that are not relays have kept what they got.
      if (this.#relays === 0) this.#lentPieces = 0;
    };
  }

  #mayHaveMore(): boolean {
    return this.#lentPieces + this.#free.length < this.#relays * PIECES_PER_RELAY;
  }
}

/** Uploads and downloads have different connections, so all share it. */
export const readMemory = new ReadMemory();
