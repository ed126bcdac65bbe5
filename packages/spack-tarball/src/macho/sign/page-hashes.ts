// Computes the digests of the pages of code, and keeps those of pages that did not change.

import { hash } from "node:crypto";
import type { FileRange } from "../../binary-io/file-range.js";
import type { SliceReader } from "../slice-reader.js";
import { HASH_SIZE, PAGE_SIZE, pageCount } from "./code-directory.js";

/** Pages that are read at once. */
const PAGES_AT_ONCE = 256;

export interface PagesToHash {
  /** Size of the code in bytes. */
  readonly codeLimit: number;
  /** The digests so far; undefined if there are none that can be kept. */
  readonly old: Buffer | undefined;
  /** What changed since then, from the start of the slice. */
  readonly changes: readonly FileRange[];
}

/** SHA-256 digests of all pages, one after another. */
export function hashPages(reader: SliceReader, { codeLimit, old, changes }: PagesToHash): Buffer {
  const count = pageCount(codeLimit);
  const hashes = old === undefined ? Buffer.alloc(count * HASH_SIZE) : Buffer.from(old);
  const stale = old === undefined ? undefined : stalePages(changes, count);
  for (let page = 0; page < count; page += PAGES_AT_ONCE) {
    const pages = Array.from({ length: Math.min(PAGES_AT_ONCE, count - page) }, (_, index) => page + index);
    const wanted = stale === undefined ? pages : pages.filter((each) => stale.has(each));
    const [first, last] = [wanted[0], wanted.at(-1)];
    if (first === undefined || last === undefined) continue;
    const start = first * PAGE_SIZE;
    const bytes = reader.read(start, Math.min(codeLimit, (last + 1) * PAGE_SIZE) - start);
    for (const each of wanted) {
      const at = each * PAGE_SIZE - start;
      hash("sha256", bytes.subarray(at, at + PAGE_SIZE), "buffer").copy(hashes, each * HASH_SIZE);
    }
  }
  return hashes;
}

function stalePages(changes: readonly FileRange[], count: number): Set<number> {
  const stale = new Set<number>();
  for (const { offset, size } of changes) {
    const last = Math.min(count - 1, Math.floor((offset + size - 1) / PAGE_SIZE));
    for (let page = Math.max(0, Math.floor(offset / PAGE_SIZE)); page <= last; page += 1) stale.add(page);
  }
  return stale;
}
