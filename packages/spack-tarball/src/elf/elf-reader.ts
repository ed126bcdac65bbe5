// Reads pieces of an open ELF file, never beyond its end.

import type { RandomAccess } from "@spack-oci/files";
import { ElfFormat, UnsupportedElfError } from "./elf-format.js";
import { ELF_IDENT_SIZE } from "./elf-header.js";

const ELF_MAGIC = Buffer.from("\x7fELF", "latin1");

/** Bytes that are read once: they hold the headers, and often the interpreter and the notes. */
const HEAD_SIZE = 4096;

/** Enough to read most tables at once. */
const RECORDS_AT_ONCE = 1024;

/** Whether a file begins with the ELF magic, which is much quicker than parsing it. */
export function isElf(file: RandomAccess): boolean {
  const start = Buffer.allocUnsafe(ELF_MAGIC.length);
  return file.readNow(start, 0) === start.length && start.equals(ELF_MAGIC);
}

export class ElfReader {
  readonly format: ElfFormat;
  /** Size of the file in bytes. */
  readonly size: number;
  readonly #file: RandomAccess;
  /** The first bytes of the file when it was opened. */
  readonly #head: Buffer;

  private constructor(file: RandomAccess, head: Buffer, facts: Pick<ElfReader, "format" | "size">) {
    this.#file = file;
    this.#head = head;
    this.format = facts.format;
    this.size = facts.size;
  }

  /** @throws UnsupportedElfError if the file is not ELF */
  static open(file: RandomAccess): ElfReader {
    const start = Buffer.alloc(HEAD_SIZE);
    const head = start.subarray(0, file.readNow(start, 0));
    if (head.length < ELF_IDENT_SIZE || !head.subarray(0, 4).equals(ELF_MAGIC))
      throw new UnsupportedElfError("no ELF magic");
    const [elfClass, data] = [head[4], head[5]];
    if ((elfClass !== 1 && elfClass !== 2) || (data !== 1 && data !== 2))
      throw new UnsupportedElfError("class or data");
    return new ElfReader(file, head, { format: new ElfFormat(elfClass === 2, data === 1), size: file.size });
  }

  read(offset: number, length: number): Buffer {
    if (offset < 0 || offset + length > this.size) throw new UnsupportedElfError("the file ends early");
    if (offset + length <= this.#head.length)
      return Buffer.from(this.#head.subarray(offset, offset + length));
    const bytes = Buffer.allocUnsafe(length);
    if (this.#file.readNow(bytes, offset) < length) throw new UnsupportedElfError("the file ends early");
    return bytes;
  }

  /** The records of a table one by one; of a truncated table, those that are whole. */
  *records(offset: number, size: number, count: number): Generator<Buffer, void, undefined> {
    for (const block of this.blocks(offset, size, count)) {
      for (let at = 0; at < block.length; at += size) yield block.subarray(at, at + size);
    }
  }

  /** The records of a table in blocks of several. */
  *blocks(offset: number, size: number, count: number): Generator<Buffer, void, undefined> {
    for (let index = 0; index < count; index += RECORDS_AT_ONCE) {
      const start = offset + index * size;
      const wanted = Math.min(RECORDS_AT_ONCE, count - index);
      const present = Math.min(wanted, Math.max(0, Math.floor((this.size - start) / size)));
      yield this.read(start, present * size);
      if (present < wanted) throw new UnsupportedElfError("a table beyond the end");
    }
  }
}
