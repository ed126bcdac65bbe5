// Content in a file of this machine, read in parts: it may be too large for memory.

import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf } from "../content/digest.js";

/** Verified content that stays readable, even if its file is removed. */
export interface StoredContent {
  /** The bytes of a part. */
  read(start: number, length: number): Buffer;
}

/** Bytes at a time when content is verified. */
const PIECE = 1024 * 1024;

/**
 * The content of a file, if it matches the descriptor. The file stays open as long as the content is in use.
 *
 * @returns undefined if the file does not match or cannot be read
 */
export function openStored(path: string, { digest, size }: Descriptor): StoredContent | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const content = new OpenFile(file);
    if (fstatSync(file).size === size && content.digest(size, algorithmOf(digest)) === digest) {
      unused.register(content, file);
      return content;
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
  }
  if (file !== undefined) closeSync(file);
  return undefined;
}

/** Closes files once nothing reads them. */
const unused = new FinalizationRegistry<number>((file) => closeSync(file));

class OpenFile implements StoredContent {
  readonly #file: number;

  constructor(file: number) {
    this.#file = file;
  }

  read(start: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, this.#readInto(bytes, start));
  }

  digest(size: number, algorithm: "sha256" | "sha512"): string {
    const hash = createHash(algorithm);
    const piece = Buffer.allocUnsafe(Math.min(PIECE, size));
    for (let start = 0; start < size; start += piece.length)
      hash.update(piece.subarray(0, this.#readInto(piece, start)));
    return `${algorithm}:${hash.digest("hex")}`;
  }

  /** A system may read less than was asked for. */
  #readInto(bytes: Buffer, start: number): number {
    let count = 0;
    while (count < bytes.length) {
      const read = readSync(this.#file, bytes, count, bytes.length - count, start + count);
      if (read === 0) break;
      count += read;
    }
    return count;
  }
}
