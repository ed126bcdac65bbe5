// Reads both tables of an ELF file completely, which moving parts of it requires.

import { type FileRange, overlaps } from "../../binary-io/file-range.js";
import type { ElfFile } from "../elf-file.js";
import type { ElfFormat } from "../elf-format.js";
import { UnsupportedElfError } from "../elf-format.js";
import {
  decodeProgramHeader,
  type ProgramHeader,
  PT_GNU_RELRO,
  PT_INTERP,
  PT_LOAD,
  PT_PHDR,
} from "../program-header.js";
import { decodeSectionHeader, type SectionHeader, SHT_NOBITS, SHT_NULL } from "../section-header.js";

export interface ElfTables {
  readonly segments: readonly ProgramHeader[];
  /** Segments that occupy memory. */
  readonly loads: readonly ProgramHeader[];
  readonly interpreter: ProgramHeader | undefined;
  readonly sections: readonly SectionHeader[];
}

/** Segments that contain others or the program header table. */
const CONTAINERS = [PT_LOAD, PT_PHDR, PT_GNU_RELRO];

/** In bytes: older kernels do not start programs whose table is larger than a page. */
const MAX_PROGRAM_HEADER_TABLE = 4096;

/** @throws UnsupportedElfError if a table is missing, unusual, or has no room for another entry */
export function readTables({ reader, header }: ElfFile): ElfTables {
  const { format } = reader;
  const { programHeaders, sections } = header;
  if (programHeaders.entrySize !== format.segmentSize)
    throw new UnsupportedElfError("size of program headers");
  if ((programHeaders.count + 1) * format.segmentSize > MAX_PROGRAM_HEADER_TABLE)
    throw new UnsupportedElfError("too many program headers");
  if (sections.count === 0 || sections.entrySize !== format.sectionSize)
    throw new UnsupportedElfError("no section headers");

  const segments: ProgramHeader[] = [];
  for (const record of reader.records(programHeaders.offset, format.segmentSize, programHeaders.count))
    segments.push(exactProgramHeader(record, format));
  const sectionHeaders: SectionHeader[] = [];
  for (const record of reader.records(sections.offset, format.sectionSize, sections.count))
    sectionHeaders.push(decodeSectionHeader(record, 0, format));
  return {
    segments,
    loads: segments.filter(({ type, memorySize }) => type === PT_LOAD && memorySize > 0),
    interpreter: segments.findLast(({ type, size }) => type === PT_INTERP && size > 0),
    sections: sectionHeaders,
  };
}

/** An entry that can be written back unchanged, because none of its numbers exceeds a safe integer. */
function exactProgramHeader(record: Buffer, format: ElfFormat): ProgramHeader {
  const segment = decodeProgramHeader(record, 0, format);
  const values = [segment.offset, segment.address, segment.physicalAddress, segment.size, segment.memorySize];
  if (![...values, segment.alignment].every(Number.isSafeInteger))
    throw new UnsupportedElfError("very large numbers");
  return segment;
}

/** Whether a section has bytes in the file. */
export function hasBytes({ type, size }: SectionHeader): boolean {
  return type !== SHT_NULL && type !== SHT_NOBITS && size > 0;
}

/** The sections that have bytes in a part of the file. */
export function sectionsIn(tables: ElfTables, range: FileRange): SectionHeader[] {
  return tables.sections.filter((section) => hasBytes(section) && overlaps(section, range));
}

/** The segments that have bytes in a part of the file, without those that contain others. */
export function segmentsIn(tables: ElfTables, range: FileRange): ProgramHeader[] {
  return tables.segments.filter(
    (segment) => segment.size > 0 && !CONTAINERS.includes(segment.type) && overlaps(segment, range),
  );
}
