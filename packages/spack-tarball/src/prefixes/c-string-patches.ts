// Decides chunk by chunk how prefixes in a binary are overwritten without moving a byte
// (Spack: relocate_text.py, BinaryFilePrefixReplacer).

import type { FileRange } from "../binary-io/file-range.js";
import type { PrefixMap } from "./prefix-map.js";

/** Bytes to write at an absolute position. */
export interface Patch {
  readonly position: number;
  readonly bytes: Buffer;
}

/** A prefix that cannot be overwritten, and the reason. */
export interface BlockedString {
  readonly position: number;
  readonly reason: "cannot-grow" | "cannot-shrink" | "no-header-room";
  /** Bytes that the load commands lack before the first section of a Mach-O file, if that is the reason. */
  readonly missing?: number | undefined;
  readonly old: Buffer;
  readonly replacement: Buffer;
  /** The prefix and, if the string ends soon after it, the rest of the string. */
  readonly found: Buffer;
}

/**
 * Bytes after a prefix in which the NUL is searched for. Linkers merge strings that share a suffix, so that must stay.
 */
const SUFFIX_SAFETY_SIZE = 7;

const SLASH = Buffer.from("/");

/** Bytes of which those before `limit` are decided; `offset` is the position of the first. */
interface Window {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly limit: number;
}

/** A search that takes consecutive chunks of a binary and returns patches. */
export class CStringPatches {
  readonly #map: PrefixMap;
  readonly #skipped: readonly FileRange[];
  /** Number of bytes from the start of a prefix that decide how it is patched. */
  readonly #reach: number;
  /** Bytes whose matches are not decided yet, and their position. A copy, because chunks are reused. */
  #held: Buffer = Buffer.alloc(0);
  #heldAt = 0;
  /** Absolute position at which matches may begin: everything before it belongs to earlier ones. */
  #next = 0;
  /** Prefixes that could not be patched, in order. */
  readonly blocked: BlockedString[] = [];

  /** @param skipped parts of the file in which nothing is replaced */
  constructor(map: PrefixMap, skipped: readonly FileRange[] = []) {
    this.#map = map;
    this.#skipped = skipped;
    this.#reach = map.old.maxLength + SUFFIX_SAFETY_SIZE + 1;
  }

  /** Patches that are certain with this chunk, which may be reused afterwards. They never reach beyond its end. */
  push(chunk: Buffer): Patch[] {
    const start = this.#heldAt + this.#held.length;
    // The held bytes are decided together with the beginning of the chunk, so that large chunks are not copied.
    const isLarge = chunk.length >= this.#reach;
    const seam = Buffer.concat([this.#held, isLarge ? chunk.subarray(0, this.#reach) : chunk]);
    const [last, lastAt] = isLarge ? [chunk, start] : [seam, this.#heldAt];
    const limit = Math.max(0, last.length - this.#reach);
    const patches: Patch[] = [];
    if (isLarge) this.#scan({ bytes: seam, offset: this.#heldAt, limit: this.#held.length }, patches);
    this.#scan({ bytes: last, offset: lastAt, limit }, patches);
    this.#held = Buffer.from(last.subarray(limit));
    this.#heldAt = lastAt + limit;
    return patches;
  }

  /** The remaining patches. */
  end(): Patch[] {
    return this.#scan({ bytes: this.#held, offset: this.#heldAt, limit: this.#held.length });
  }

  /** Decides everything that begins in a window, and adds the patches. */
  #scan({ bytes, offset, limit }: Window, patches: Patch[] = []): Patch[] {
    const search = this.#map.old.search(bytes);
    let position = Math.max(0, this.#next - offset);
    while (position < limit) {
      const place = search(position);
      if (place === -1 || place >= limit) break;
      const old = this.#map.old.matchAt(bytes, place);
      if (old === undefined || this.#isSkipped(offset + place)) {
        position = place + 1;
        continue;
      }
      const suffix = suffixWithNul(bytes, place + old.length);
      const replaced = this.#replacement(offset + place, old, suffix);
      if (replaced !== undefined) patches.push({ position: offset + place, bytes: replaced });
      position = place + old.length + (suffix?.length ?? 0);
    }
    this.#next = offset + Math.max(position, limit);
    return patches;
  }

  #isSkipped(position: number): boolean {
    return this.#skipped.some(({ offset, size }) => position >= offset && position < offset + size);
  }

  #replacement(position: number, old: Buffer, suffix: Buffer | undefined): Buffer | undefined {
    const replacement = this.#map.replacement(old);
    const bytesShorter = old.length - replacement.length;
    if (bytesShorter >= 0) {
      if (suffix === undefined || keepsSuffix(old, replacement, suffix.length - 1)) {
        return Buffer.concat([...Array<Buffer>(bytesShorter).fill(SLASH), replacement]);
      }
      if (bytesShorter > SUFFIX_SAFETY_SIZE) return Buffer.concat([replacement, suffix]);
    }
    this.blocked.push({
      position,
      reason: bytesShorter < 0 ? "cannot-grow" : "cannot-shrink",
      old,
      replacement,
      found: Buffer.concat([old, suffix?.subarray(0, -1) ?? Buffer.alloc(0)]),
    });
    return undefined;
  }
}

/** Whether all prefixes in a C string can be overwritten. */
export function fitsAsCString(value: Buffer, map: PrefixMap): boolean {
  const search = new CStringPatches(map);
  search.push(Buffer.concat([value, Buffer.alloc(1)]));
  search.end();
  return search.blocked.length === 0;
}

/** Up to seven bytes and the NUL after them, or undefined if there is no NUL that near. */
function suffixWithNul(bytes: Buffer, from: number): Buffer | undefined {
  const window = bytes.subarray(from, from + SUFFIX_SAFETY_SIZE + 1);
  const end = window.indexOf(0);
  return end < 0 ? undefined : window.subarray(0, end + 1);
}

/**
 * Whether the last seven bytes of the string stay the same when the new prefix is aligned with the end of the old one.
 */
function keepsSuffix(old: Buffer, replacement: Buffer, suffixLength: number): boolean {
  const kept = SUFFIX_SAFETY_SIZE - suffixLength;
  if (kept <= 0) return true;
  return old.subarray(-kept).equals(replacement.subarray(-kept));
}
