// Reads the parts of an ELF file that relocation needs: the interpreter, the run path, and where they are. Rejects the
// same files as Spack, so that the same files stay unchanged (Spack: util/elf.py).

import type { RandomAccess } from "@spack-oci/files";
import { UnsupportedElfError } from "./elf-format.js";
import { decodeHeader, type ElfHeader, type ElfTable, headerFields } from "./elf-header.js";
import { ElfReader } from "./elf-reader.js";
import { decodeProgramHeader, type ProgramHeader, PT_DYNAMIC, PT_INTERP, PT_LOAD } from "./program-header.js";
import { decodeSectionHeader, SHT_STRTAB } from "./section-header.js";

/** A string in the file, which can be overwritten by one of at most the same length. */
export interface ElfString {
  /** File offset of its first byte. */
  readonly offset: number;
  /** Its bytes without the NUL. */
  readonly value: Buffer;
}

/** A string in the file and its new value. */
export interface ElfStringUpdate {
  readonly string: ElfString;
  readonly value: Buffer;
}

/** One entry of the dynamic section. */
export interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
  /** File offset of the value. */
  readonly position: number;
}

/** How an executable or shared library is loaded. */
export interface ElfFile {
  readonly interpreter: ElfString | undefined;
  /** DT_RPATH or DT_RUNPATH. */
  readonly runPath: ElfString | undefined;
  /** DT_NEEDED and DT_SONAME, which are paths if libraries are bound. */
  readonly names: readonly ElfString[];
  readonly header: ElfHeader;
  readonly dynamic: readonly DynamicEntry[];
  /** The table with the strings of the dynamic section; undefined if there is none. */
  readonly stringTable: { readonly offset: number; readonly size: number } | undefined;
  readonly reader: ElfReader;
}

const ET_EXEC = 2;
const ET_DYN = 3;
const DT_NULL = 0;
export const DT_NEEDED = 1;
export const DT_STRTAB = 5;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

/**
 * Parses an ELF file.
 *
 * @returns undefined if the file is not an executable or shared library, is malformed, or has several run paths or no
 *   unique string table
 */
export function parseElf(file: RandomAccess): ElfFile | undefined {
  try {
    return parse(ElfReader.open(file));
  } catch (error) {
    if (error instanceof UnsupportedElfError) return undefined;
    throw error;
  }
}

function parse(reader: ElfReader): ElfFile {
  const { format } = reader;
  const header = decodeHeader(reader.read(0, headerFields(format).end), format);
  if (header.type !== ET_EXEC && header.type !== ET_DYN)
    throw new UnsupportedElfError("neither executable nor shared");
  const { offset, count } = header.programHeaders;
  const table = reader.read(offset, count * format.segmentSize);
  const segments = Array.from({ length: count }, (_, index) =>
    decodeProgramHeader(table, index * format.segmentSize, format),
  ).filter((segment) => segment.size !== 0);
  const interp = segments.findLast((segment) => segment.type === PT_INTERP);
  const dynamicSegment = segments.findLast((segment) => segment.type === PT_DYNAMIC);
  const loads = segments
    .filter((segment) => segment.type === PT_LOAD)
    .toSorted((left, right) => left.address - right.address);
  const interpreter =
    interp === undefined
      ? undefined
      : { offset: interp.offset, value: cString(reader.read(interp.offset, interp.size)) };
  const dynamic =
    dynamicSegment === undefined || loads.length === 0 ? undefined : dynamicEntries(reader, dynamicSegment);
  const strings =
    dynamic === undefined
      ? { runPath: undefined, names: [], stringTable: undefined }
      : dynamicStrings(reader, { dynamic, loads, sections: header.sections });
  return { reader, header, interpreter, dynamic: dynamic ?? [], ...strings };
}

function dynamicEntries(reader: ElfReader, segment: ProgramHeader): DynamicEntry[] {
  const { format } = reader;
  const size = format.dynamicEntrySize;
  const entries: DynamicEntry[] = [];
  let position = segment.offset + format.addressSize;
  for (const entry of reader.records(segment.offset, size, Math.floor(segment.size / size))) {
    const tag = format.address(entry, 0);
    if (tag === DT_NULL) break;
    entries.push({ tag, value: format.address(entry, format.addressSize), position });
    position += size;
  }
  return entries;
}

/** The tables that lead to the strings of the dynamic section. */
interface DynamicTables {
  readonly dynamic: readonly DynamicEntry[];
  /** Sorted by address. */
  readonly loads: readonly ProgramHeader[];
  readonly sections: ElfTable;
}

function dynamicStrings(
  reader: ElfReader,
  { dynamic, loads, sections }: DynamicTables,
): Pick<ElfFile, "runPath" | "names" | "stringTable"> {
  const runPaths = dynamic.filter(({ tag }) => tag === DT_RPATH || tag === DT_RUNPATH);
  if (runPaths.length > 1) throw new UnsupportedElfError("several run paths");
  const tables = dynamic.filter(({ tag }) => tag === DT_STRTAB);
  const address = tables[0]?.value;
  if (address === undefined || tables.length > 1) throw new UnsupportedElfError("no unique string table");
  const named = dynamic.filter(({ tag }) => tag === DT_NEEDED || tag === DT_SONAME);
  if (runPaths.length === 0 && named.length === 0)
    return { runPath: undefined, names: [], stringTable: undefined };

  const load = loads.findLast((segment) => segment.address <= address) ?? loads.at(-1);
  const offset = (load?.offset ?? 0) - (load?.address ?? 0) + address;
  const stringTable = { offset, size: stringTableSize(reader, offset, sections) };
  if (offset + stringTable.size > reader.size) throw new UnsupportedElfError("a string table beyond the end");
  // Spack gives up on a file with a name that does not end in the table.
  const names: ElfString[] = [];
  for (const { value } of named) names.push(stringInTable(reader, stringTable, value));
  const runPath = runPaths[0] && stringInTable(reader, stringTable, runPaths[0].value);
  return { runPath, names, stringTable };
}

function stringTableSize(reader: ElfReader, offset: number, sections: ElfTable): number {
  const { format } = reader;
  for (const record of reader.records(sections.offset, format.sectionSize, sections.count)) {
    const section = decodeSectionHeader(record, 0, format);
    if (section.type === SHT_STRTAB && section.offset === offset) return section.size;
  }
  throw new UnsupportedElfError("no section for the string table");
}

function stringInTable(reader: ElfReader, table: { offset: number; size: number }, at: number): ElfString {
  let length = 256;
  for (;;) {
    const available = Math.min(length, table.size - at);
    if (available <= 0) throw new UnsupportedElfError("a string outside its table");
    const bytes = reader.read(table.offset + at, available);
    const end = bytes.indexOf(0);
    if (end >= 0) return { offset: table.offset + at, value: bytes.subarray(0, end) };
    if (available < length) throw new UnsupportedElfError("a string without end");
    length *= 4;
  }
}

function cString(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  if (end < 0) throw new UnsupportedElfError("a string without end");
  return bytes.subarray(0, end);
}
