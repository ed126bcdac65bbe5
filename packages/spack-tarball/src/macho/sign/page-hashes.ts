// Computes the digests of the pages of code, and keeps those of pages that did not change.

import { hash } from "node:crypto";
import type { FileRange } from "../../binary-io/file-range.js";
import type { SliceReader } from "../slice-reader.js";
import { HASH_SIZE, PAGE_SIZE, pageCount } from "./code-directory.js";

/** Pages that are read at once: as many as stay in the processor's cache until they are hashed. */
const PAGES_AT_ONCE = 64;

/** For reading, one file at a time; new memory for each would take longer than reading. */
const pagesRead: Buffer = Buffer.allocUnsafeSlow(PAGES_AT_ONCE * PAGE_SIZE);

export interface PagesToHash {
  /** Size of the code in bytes. */
  readonly codeLimit: number;
  /** The digests so far; undefined if there are none that can be kept. */
  readonly old: Buffer | undefined;
  /** What changed since then, from the start of the slice. */
  readonly changes: readonly FileRange[];
}

/** Consecutive pages. */
interface PageRun {
  readonly first: number;
  /** The page after the last one. */
  readonly end: number;
}

/** SHA-256 digests of all pages, one after another. */
export function hashPages(reader: SliceReader, { codeLimit, old, changes }: PagesToHash): Buffer {
  const count = pageCount(codeLimit);
  const hashes = old === undefined ? Buffer.allocUnsafe(count * HASH_SIZE) : Buffer.from(old);
  const runs = old === undefined ? [{ first: 0, end: count }] : staleRuns(changes, count);
  for (const { first, end } of runs) {
    for (let page = first; page < end; page += PAGES_AT_ONCE) {
      const start = page * PAGE_SIZE;
      const size = Math.min(codeLimit, end * PAGE_SIZE, start + pagesRead.length) - start;
      hashInto(hashes.subarray(page * HASH_SIZE), reader.view(start, pagesRead.subarray(0, size)));
    }
  }
  return hashes;
}

function hashInto(hashes: Buffer, pages: Buffer): void {
  for (let at = 0, to = 0; at < pages.length; at += PAGE_SIZE, to += HASH_SIZE) {
    // A new buffer for each digest would take a quarter of the time.
    hashes.write(hash("sha256", pages.subarray(at, at + PAGE_SIZE), "binary"), to, "binary");
  }
}

/** The pages that changed. */
function staleRuns(changes: readonly FileRange[], count: number): PageRun[] {
  const runs: PageRun[] = [];
  for (const { offset, size } of changes.toSorted((left, right) => left.offset - right.offset)) {
    const first = Math.max(runs.at(-1)?.end ?? 0, Math.floor(offset / PAGE_SIZE));
    const end = Math.min(count, Math.ceil((offset + size) / PAGE_SIZE));
    if (first < end) runs.push({ first, end });
  }
  return runs;
}
