// Distinct pieces of text as numbers: an index repeats names, variants and hashes thousands of times.

import { formatJson, parseJson } from "@spack-oci/spack-spec";

const QUOTE = 0x22;
const PLAIN = /^[ !#-[\]-~]*$/;

/** The contents of a pool, for a file. */
export interface PooledTexts {
  /** All pieces, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each piece ends. */
  readonly ends: Uint32Array;
}

/** Pieces of printable ASCII text, each stored once. Other text is stored as a JSON string with escapes. */
export class TextPool {
  #bytes: Buffer = Buffer.allocUnsafe(64 * 1024);
  #ends: Uint32Array = new Uint32Array(1024);
  #count = 0;
  /** Numbers of pieces plus one, by the hashes of their bytes; 0 is a free slot. */
  #slots = new Int32Array(4096);
  #decoded: (string | undefined)[] = [];

  /** A pool that was written to a file. It cannot take new pieces. */
  static from({ bytes, ends }: PooledTexts): TextPool {
    const pool = new TextPool();
    pool.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    pool.#ends = ends;
    pool.#count = ends.length;
    pool.#slots = new Int32Array(0);
    pool.#decoded = new Array(ends.length);
    return pool;
  }

  /** How many distinct pieces it has. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of all pieces. */
  get size(): number {
    return this.#start(this.#count);
  }

  /** The number of some bytes, which are printable ASCII. */
  intern(source: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(source, start, end) & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0) return this.#add(source.subarray(start, end), slot);
      if (this.#equals(number, source, start, end)) return number;
    }
  }

  /** The number of any text. */
  internText(text: string): number {
    const bytes = Buffer.from(PLAIN.test(text) ? text : formatJson(text), "latin1");
    return this.intern(bytes, 0, bytes.length);
  }

  /** The text with a number. */
  text(number: number): string {
    const known = this.#decoded[number];
    if (known !== undefined) return known;
    const raw = this.raw(number);
    const text = raw.charCodeAt(0) === QUOTE ? (parseJson(raw) as string) : raw;
    this.#decoded[number] = text;
    return text;
  }

  /** The bytes with a number as they were interned. */
  raw(number: number): string {
    return this.#bytes.toString("latin1", this.#start(number), this.#start(number + 1));
  }

  toArrays(): PooledTexts {
    return { bytes: this.#bytes.subarray(0, this.size), ends: this.#ends.subarray(0, this.#count) };
  }

  #start(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] as number);
  }

  // biome-ignore lint/complexity/useMaxParams: called for every piece of an index
  #equals(number: number, source: Uint8Array, start: number, end: number): boolean {
    const own = this.#start(number);
    if ((this.#ends[number] as number) - own !== end - start) return false;
    const bytes = this.#bytes;
    for (let at = start, other = own; at < end; at += 1, other += 1)
      if (source[at] !== bytes[other]) return false;
    return true;
  }

  #add(piece: Uint8Array, slot: number): number {
    const start = this.size;
    const end = start + piece.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    if (this.#count === this.#ends.length) {
      const longer = new Uint32Array(this.#count * 2);
      longer.set(this.#ends);
      this.#ends = longer;
    }
    this.#bytes.set(piece, start);
    this.#ends[this.#count] = end;
    this.#count += 1;
    this.#slots[slot] = this.#count;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return this.#count - 1;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#count; number += 1) {
      let slot = hashOf(this.#bytes, this.#start(number), this.#start(number + 1)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** FNV-1a, of which the upper bits are mixed into the lower ones. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}
