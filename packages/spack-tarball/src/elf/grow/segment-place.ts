// Chooses where a new segment goes in the file and in memory.

import { alignUp } from "../../binary-io/file-range.js";
import { DT_NEEDED, type ElfFile } from "../elf-file.js";
import { UnsupportedElfError } from "../elf-format.js";
import type { ProgramHeader } from "../program-header.js";
import type { ElfTables } from "./elf-tables.js";

export interface SegmentPlace {
  readonly offset: number;
  readonly address: number;
  readonly alignment: number;
}

/** Machines with pages of 4 KiB: 386, s390, x86-64, RISC-V. On others a page may be as large as 64 KiB. */
const SMALL_PAGE_MACHINES = [3, 22, 62, 243];
const SMALL_PAGE = 0x1000;
const LARGE_PAGE = 0x10000;

/** Bytes: every piece of a new segment begins at a multiple of this. */
export const PIECE_ALIGNMENT = 16;

/** Bytes of zeros that a file may get so that the table of a program can move. */
const MAX_HOLE = 64 * 1024 * 1024;
const MAX_ADDRESS_64 = 2 ** 47;
const MAX_ADDRESS_32 = 2 ** 31;

/**
 * A place after the end of the file, and after everything else in memory.
 *
 * @throws UnsupportedElfError if there is none
 */
export function placeSegment(elf: ElfFile, tables: ElfTables, tableMoves: boolean): SegmentPlace {
  const page = SMALL_PAGE_MACHINES.includes(elf.header.machine) ? SMALL_PAGE : LARGE_PAGE;
  const memoryEnd = tables.loads.reduce((end, load) => Math.max(end, load.address + load.memorySize), 0);
  const place = tableMoves
    ? placeWithTable(elf, tables, { page, memoryEnd: alignUp(memoryEnd, page) })
    : placeWithoutTable(elf, { page, memoryEnd: alignUp(memoryEnd, page) });
  requireReachableSegment(elf, { ...place, size: 0 });
  return { ...place, alignment: page };
}

/** @throws UnsupportedElfError if a segment ends beyond the offsets of its class or the addresses of programs */
export function requireReachableSegment(
  elf: ElfFile,
  { offset, address, size }: Pick<ProgramHeader, "offset" | "address" | "size">,
): void {
  const highest = elf.reader.format.is64 ? MAX_ADDRESS_64 : MAX_ADDRESS_32;
  if (Math.max(offset, address) + size > highest) throw new UnsupportedElfError("no address left");
}

/** In bytes. */
interface MemoryLayout {
  readonly page: number;
  /** First page after everything that the file occupies. */
  readonly memoryEnd: number;
}

/** Pages are mapped as a whole, so address and offset must agree within a page. */
function placeWithoutTable(elf: ElfFile, { page, memoryEnd }: MemoryLayout) {
  const offset = alignUp(elf.reader.size, PIECE_ALIGNMENT);
  return { offset, address: memoryEnd + (offset % page) };
}

/**
 * A place for a segment that begins with the program header table. It needs its own page of the file, because glibc
 * looks for the table in the first segment whose pages include it. In a program, address and offset must differ by as
 * much as in the first segment: kernels before 5.18 rely on that.
 */
function placeWithTable(elf: ElfFile, tables: ElfTables, { page, memoryEnd }: MemoryLayout) {
  const fileEnd = alignUp(elf.reader.size, page);
  const first = tables.loads[0];
  if (first === undefined) throw new UnsupportedElfError("nothing is loaded");
  if (!isProgram(elf, tables)) return { offset: fileEnd, address: memoryEnd };
  const distance = first.address - first.offset;
  if (distance % page !== 0) throw new UnsupportedElfError("smaller pages than the machine's");
  const address = Math.max(memoryEnd, fileEnd + distance);
  const offset = address - distance;
  if (offset - elf.reader.size > MAX_HOLE) throw new UnsupportedElfError("too much memory without file");
  return { offset, address };
}

/** Whether it can be started: a file that needs libraries but has no interpreter to load them cannot. */
function isProgram(elf: ElfFile, tables: ElfTables): boolean {
  return tables.interpreter !== undefined || !elf.dynamic.some(({ tag }) => tag === DT_NEEDED);
}
