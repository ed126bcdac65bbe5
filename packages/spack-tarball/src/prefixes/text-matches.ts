// Finds prefixes in text chunk by chunk, as Spack's regular expression does:
// `(?<![\w\-_/])([\w\-_]*?)(old1|old2|...)([\w\-_/]*)` over bytes (Spack: relocate_text.py).

import type { PrefixList } from "./prefix-list.js";

/** A prefix and its absolute position. */
export interface PrefixMatch {
  readonly position: number;
  readonly prefix: Buffer;
}

const SLASH = 0x2f;

/**
 * A search that takes consecutive chunks. A match may span chunks, so one that begins near the end of a chunk is
 * reported with the next chunk, or by {@link TextMatches.end}.
 */
export class TextMatches {
  readonly #prefixes: PrefixList;
  /** A copy, because chunks are reused. */
  #held: Buffer = Buffer.alloc(0);
  /** Absolute position of the first held byte. */
  #offset = 0;
  /** Whether a slash before the word characters that end at the first held byte keeps them from matching. */
  #runBlocked = false;
  /** Whether the tail of the last match, `[\w\-_/]*`, continues at the first held byte. */
  #inTail = false;

  constructor(prefixes: PrefixList) {
    this.#prefixes = prefixes;
  }

  /** Matches that are certain with this chunk, in order. The chunk may be reused afterwards. */
  push(chunk: Buffer): PrefixMatch[] {
    const { maxLength } = this.#prefixes;
    const matches: PrefixMatch[] = [];
    const held = this.#held;
    if (held.length > 0 && chunk.length > maxLength) {
      // The held bytes are decided together with the beginning of the chunk, so that large chunks are not copied.
      const seam = Buffer.concat([held, chunk.subarray(0, maxLength)]);
      this.#held = seam;
      this.#scan(held.length, matches);
      this.#held = chunk.subarray(maxLength - this.#held.length);
    } else {
      this.#held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    }
    return this.#scan(Math.max(0, this.#held.length - maxLength), matches);
  }

  /** The remaining matches. */
  end(): PrefixMatch[] {
    return this.#scan(this.#held.length);
  }

  /** Decides everything that begins before `limit`, drops those bytes, and adds the matches. */
  #scan(limit: number, matches: PrefixMatch[] = []): PrefixMatch[] {
    const held = this.#held;
    const search = this.#prefixes.search(held);
    let position = this.#inTail ? endOfTail(held, 0) : 0;
    let consumed = position;
    while (position < limit) {
      const place = search(position);
      if (place === -1 || place >= limit) break;
      const prefix = this.#prefixes.matchAt(held, place);
      if (prefix === undefined || this.#isBlocked(place)) {
        position = place + 1;
        continue;
      }
      matches.push({ position: this.#offset + place, prefix });
      position = endOfTail(held, place + prefix.length);
      consumed = position;
    }
    this.#advance(Math.max(limit, Math.min(consumed, held.length)), consumed);
    return matches;
  }

  /** Whether the word characters right before `place` follow a slash, which the lookbehind excludes. */
  #isBlocked(place: number): boolean {
    let start = place;
    while (start > 0 && isWord(this.#held[start - 1])) start -= 1;
    return start === 0 ? this.#runBlocked : this.#held[start - 1] === SLASH;
  }

  #advance(count: number, consumed: number): void {
    const runBlocked = this.#isBlocked(count);
    // A tail that reaches the cut may continue after it.
    if (count > 0) this.#inTail = consumed >= count;
    this.#runBlocked = runBlocked;
    this.#held = Buffer.from(this.#held.subarray(count));
    this.#offset += count;
  }
}

function endOfTail(bytes: Buffer, from: number): number {
  let end = from;
  while (end < bytes.length && isTail(bytes[end])) end += 1;
  return end;
}

function isTail(byte: number | undefined): boolean {
  return byte === SLASH || isWord(byte);
}

/** `[\w\-]` of a bytes pattern: ASCII letters, digits, `_`, `-`. */
function isWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x2d
  );
}
