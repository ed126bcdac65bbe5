// Reads of an ELF file just what relocation needs: the interpreter, the run path, and where both lie.
// What is refused here is what Spack refuses, so that the same files are left alone (Spack: util/elf.py).

import type { FileHandle } from "node:fs/promises";
import { readExactly } from "../files/read-exactly.js";

/** A string inside the file that may be overwritten by one that is no longer. */
export interface ElfString {
  /** File offset of its first byte. */
  readonly offset: number;
  /** Its bytes without the NUL. */
  readonly value: Buffer;
}

/** What an executable or shared library says about how it is loaded. */
export interface ElfFile {
  readonly interpreter: ElfString | undefined;
  /** DT_RPATH or DT_RUNPATH, whichever is there. */
  readonly runPath: ElfString | undefined;
}

const ELF_MAGIC = Buffer.from("\x7fELF", "latin1");
const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const SHT_STRTAB = 3;

/** Most tables are read at once with this. */
const RECORDS_AT_ONCE = 64;

/** Raised inside this file for what Spack calls an ElfParsingError. */
class NotParsable extends Error {}

/**
 * Parses an ELF file.
 *
 * @returns undefined for everything that is no executable or shared library, is malformed, or has no unique run path or
 *   string table.
 */
export async function parseElf(file: FileHandle): Promise<ElfFile | undefined> {
  try {
    return await new Parser(file).parse();
  } catch (error) {
    if (error instanceof NotParsable) return undefined;
    throw error;
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

class Parser {
  readonly #file: FileHandle;
  #size = 0;
  #is64 = true;
  #littleEndian = true;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async parse(): Promise<ElfFile> {
    const ident = await readExactly(this.#file, 0, 16);
    if (!ident?.subarray(0, 4).equals(ELF_MAGIC)) throw new NotParsable("no ELF magic");
    this.#size = (await this.#file.stat()).size;
    const [elfClass, data] = [ident[4], ident[5]];
    if ((elfClass !== 1 && elfClass !== 2) || (data !== 1 && data !== 2))
      throw new NotParsable("class or data");
    this.#is64 = elfClass === 2;
    this.#littleEndian = data === 1;

    const header = await this.#read(16, this.#is64 ? 48 : 36);
    const type = this.#half(header, 0);
    if (type !== ET_EXEC && type !== ET_DYN) throw new NotParsable("neither executable nor shared");
    const segments = await this.#segments(
      this.#wordOr64(header, this.#is64 ? 16 : 12),
      this.#half(header, this.#is64 ? 40 : 28),
    );
    const interp = segments.findLast((segment) => segment.type === PT_INTERP);
    const dynamic = segments.findLast((segment) => segment.type === PT_DYNAMIC);
    const loads = segments
      .filter((segment) => segment.type === PT_LOAD)
      .toSorted((left, right) => left.address - right.address);
    const interpreter =
      interp === undefined
        ? undefined
        : { offset: interp.offset, value: cString(await this.#read(interp.offset, interp.fileSize), 0) };
    const runPath =
      dynamic === undefined || loads.length === 0
        ? undefined
        : await this.#runPath(dynamic, loads, {
            offset: this.#wordOr64(header, this.#is64 ? 24 : 16),
            count: this.#half(header, this.#is64 ? 44 : 32),
          });
    return { interpreter, runPath };
  }

  async #segments(offset: number, count: number): Promise<Segment[]> {
    const size = this.#is64 ? 56 : 32;
    const table = await this.#read(offset, count * size);
    const segments: Segment[] = [];
    for (let at = 0; at < table.length; at += size) {
      const segment = {
        type: this.#word(table, at),
        offset: this.#wordOr64(table, at + (this.#is64 ? 8 : 4)),
        address: this.#wordOr64(table, at + (this.#is64 ? 16 : 8)),
        fileSize: this.#wordOr64(table, at + (this.#is64 ? 32 : 16)),
      };
      if (segment.fileSize !== 0) segments.push(segment);
    }
    return segments;
  }

  async #runPath(
    dynamic: Segment,
    loads: readonly Segment[],
    sections: { offset: number; count: number },
  ): Promise<ElfString | undefined> {
    const tags = await this.#dynamicTags(dynamic);
    const runPaths = tags.filter(([tag]) => tag === DT_RPATH || tag === DT_RUNPATH);
    if (runPaths.length > 1) throw new NotParsable("several run paths");
    const tables = tags.filter(([tag]) => tag === DT_STRTAB);
    const table = tables[0];
    if (table === undefined || tables.length > 1) throw new NotParsable("no unique string table");
    const names = tags.filter(([tag]) => tag === DT_NEEDED || tag === DT_SONAME);
    if (runPaths.length === 0 && names.length === 0) return undefined;

    const load = loads.findLast((segment) => segment.address <= table[1]) ?? loads.at(-1);
    const tableOffset = (load?.offset ?? 0) - (load?.address ?? 0) + table[1];
    const tableSize = await this.#stringTableSize(tableOffset, sections);
    if (tableOffset + tableSize > this.#size) throw new NotParsable("a string table beyond the end");
    // A name that does not end inside the table makes Spack give up on the file.
    for (const [, at] of names) await this.#stringInTable(tableOffset, tableSize, at);
    const runPath = runPaths[0];
    if (runPath === undefined) return undefined;
    return {
      offset: tableOffset + runPath[1],
      value: await this.#stringInTable(tableOffset, tableSize, runPath[1]),
    };
  }

  async #dynamicTags(dynamic: Segment): Promise<[tag: number, value: number][]> {
    const size = this.#is64 ? 16 : 8;
    const tags: [number, number][] = [];
    for await (const entry of this.#records(dynamic.offset, size, Math.floor(dynamic.fileSize / size))) {
      const tag = this.#wordOr64(entry, 0);
      if (tag === DT_NULL) break;
      tags.push([tag, this.#wordOr64(entry, size / 2)]);
    }
    return tags;
  }

  async #stringTableSize(offset: number, sections: { offset: number; count: number }): Promise<number> {
    const size = this.#is64 ? 64 : 40;
    for await (const section of this.#records(sections.offset, size, sections.count)) {
      const type = this.#word(section, 4);
      if (type === SHT_STRTAB && this.#wordOr64(section, this.#is64 ? 24 : 16) === offset) {
        return this.#wordOr64(section, this.#is64 ? 32 : 20);
      }
    }
    throw new NotParsable("no section for the string table");
  }

  async #stringInTable(tableOffset: number, tableSize: number, at: number): Promise<Buffer> {
    let length = 256;
    for (;;) {
      const available = Math.min(length, tableSize - at);
      if (available <= 0) throw new NotParsable("a string outside its table");
      const bytes = await this.#read(tableOffset + at, available);
      const end = bytes.indexOf(0);
      if (end >= 0) return bytes.subarray(0, end);
      if (available < length) throw new NotParsable("a string without end");
      length *= 4;
    }
  }

  /** The records of a table one by one: a table whose end is missing is still read up to there. */
  async *#records(offset: number, size: number, count: number): AsyncGenerator<Buffer, void, undefined> {
    for (let index = 0; index < count; index += RECORDS_AT_ONCE) {
      const start = offset + index * size;
      const wanted = Math.min(RECORDS_AT_ONCE, count - index);
      const present = Math.min(wanted, Math.max(0, Math.floor((this.#size - start) / size)));
      const block = await this.#read(start, present * size);
      for (let at = 0; at < block.length; at += size) yield block.subarray(at, at + size);
      if (present < wanted) throw new NotParsable("a table beyond the end");
    }
  }

  async #read(offset: number, length: number): Promise<Buffer> {
    if (offset < 0 || offset + length > this.#size) throw new NotParsable("the file ends early");
    const bytes = await readExactly(this.#file, offset, length);
    if (bytes === undefined) throw new NotParsable("the file ends early");
    return bytes;
  }

  #half(bytes: Buffer, offset: number): number {
    return this.#littleEndian ? bytes.readUInt16LE(offset) : bytes.readUInt16BE(offset);
  }

  #word(bytes: Buffer, offset: number): number {
    return this.#littleEndian ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
  }

  #wordOr64(bytes: Buffer, offset: number): number {
    if (!this.#is64) return this.#word(bytes, offset);
    return Number(this.#littleEndian ? bytes.readBigUInt64LE(offset) : bytes.readBigUInt64BE(offset));
  }
}

function cString(bytes: Buffer, from: number): Buffer {
  const end = bytes.indexOf(0, from);
  if (end < 0) throw new NotParsable("a string without end");
  return bytes.subarray(from, end);
}
