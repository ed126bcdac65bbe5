// Decides how prefixes inside a binary are overwritten without moving a byte, chunk by chunk
// (Spack: relocate_text.py, BinaryFilePrefixReplacer).

import type { PrefixMap } from "./prefix-map.js";

/** Bytes to write at an absolute position. */
export interface Patch {
  readonly position: number;
  readonly bytes: Buffer;
}

/** A prefix that cannot be overwritten, and why. */
export interface BlockedString {
  readonly position: number;
  readonly reason: "cannot-grow" | "cannot-shrink";
  readonly old: Buffer;
  readonly replacement: Buffer;
  /** What was found there: the prefix and, where the string ends soon after it, its rest. */
  readonly found: Buffer;
}

/** How many bytes after a prefix are searched for the NUL; linkers merge strings that share a suffix, so it must stay. */
const SUFFIX_SAFETY_SIZE = 7;

const SLASH = Buffer.from("/");

/** A search that is fed consecutive chunks of a binary and answers with patches. */
export class CStringPatches {
  readonly #map: PrefixMap;
  /** A copy, as the chunk is not ours. */
  #held: Buffer = Buffer.alloc(0);
  #offset = 0;
  /** Absolute position before which everything belongs to an earlier match. */
  #next = 0;
  /** What could not be patched, in order. */
  readonly blocked: BlockedString[] = [];

  constructor(map: PrefixMap) {
    this.#map = map;
  }

  /** Patches that are certain once `chunk` is known, of which nothing is kept. They never reach beyond what was pushed. */
  push(chunk: Buffer): Patch[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    return this.#scan(this.#held.length - this.#map.old.longest - SUFFIX_SAFETY_SIZE - 1);
  }

  /** The patches in what is left. */
  end(): Patch[] {
    return this.#scan(this.#held.length);
  }

  #scan(limit: number): Patch[] {
    const patches: Patch[] = [];
    const held = this.#held;
    if (limit <= 0) {
      this.#held = Buffer.from(held);
      return patches;
    }
    const search = this.#map.old.search(held);
    let position = Math.max(0, this.#next - this.#offset);
    while (position < limit) {
      const place = search(position);
      if (place === -1 || place >= limit) break;
      const old = this.#map.old.matchAt(held, place);
      if (old === undefined) {
        position = place + 1;
        continue;
      }
      const suffix = suffixWithNul(held, place + old.length);
      const bytes = this.#replacement(place, old, suffix);
      if (bytes !== undefined) patches.push({ position: this.#offset + place, bytes });
      position = place + old.length + (suffix?.length ?? 0);
    }
    this.#next = this.#offset + Math.max(position, limit);
    this.#held = Buffer.from(held.subarray(limit));
    this.#offset += limit;
    return patches;
  }

  #replacement(place: number, old: Buffer, suffix: Buffer | undefined): Buffer | undefined {
    const replacement = this.#map.replacement(old);
    const bytesShorter = old.length - replacement.length;
    if (bytesShorter >= 0) {
      if (suffix === undefined || keepsSuffix(old, replacement, suffix.length - 1)) {
        return Buffer.concat([...Array<Buffer>(bytesShorter).fill(SLASH), replacement]);
      }
      if (bytesShorter > SUFFIX_SAFETY_SIZE) return Buffer.concat([replacement, suffix]);
    }
    this.blocked.push({
      position: this.#offset + place,
      reason: bytesShorter < 0 ? "cannot-grow" : "cannot-shrink",
      old,
      replacement,
      found: Buffer.concat([old, suffix?.subarray(0, -1) ?? Buffer.alloc(0)]),
    });
    return undefined;
  }
}

/** Up to seven bytes and the NUL after them, or undefined where no NUL is that near. */
function suffixWithNul(bytes: Buffer, from: number): Buffer | undefined {
  const window = bytes.subarray(from, from + SUFFIX_SAFETY_SIZE + 1);
  const end = window.indexOf(0);
  return end < 0 ? undefined : window.subarray(0, end + 1);
}

/** Whether the string's last seven bytes stay in place when the new prefix is moved up against them. */
function keepsSuffix(old: Buffer, replacement: Buffer, suffixLength: number): boolean {
  const kept = SUFFIX_SAFETY_SIZE - suffixLength;
  if (kept <= 0) return true;
  return old.subarray(-kept).equals(replacement.subarray(-kept));
}
