// The tables of an ELF file as they are once parts of it have moved into a segment more.

import type { ElfFile } from "../elf-file.js";
import { headerFields } from "../elf-header.js";
import { encodeProgramHeader, type ProgramHeader, PT_LOAD, PT_PHDR } from "../program-header.js";
import { sectionPlaces } from "../section-header.js";
import { type AppendedSegment, type FileWrite, type Move, movedTo } from "./appended-segment.js";
import { type ElfTables, hasBytes } from "./elf-tables.js";
import type { FileRange } from "./file-range.js";

/** @param tableAt where the program header table will be, in the new segment or where it was */
export function headerWrites(
  elf: ElfFile,
  tables: ElfTables,
  moves: readonly Move[],
  segment: AppendedSegment,
  tableAt: number,
): FileWrite[] {
  const { format } = elf.reader;
  const fields = headerFields(format);
  const table = programHeaders(elf, tables, moves, segment, tableAt);
  return [
    { position: fields.programHeaders, bytes: format.encode(tableAt, format.addressSize) },
    { position: fields.count, bytes: format.encode(table.length, 2) },
    { position: tableAt, bytes: Buffer.concat(table.map((each) => encodeProgramHeader(each, format))) },
    ...sectionWrites(elf, tables, moves, segment),
  ];
}

function programHeaders(
  { reader, header }: ElfFile,
  { segments }: ElfTables,
  moves: readonly Move[],
  segment: AppendedSegment,
  tableAt: number,
): ProgramHeader[] {
  const size = (segments.length + 1) * reader.format.segmentSize;
  const changed = segments.map((each) => {
    if (each.type === PT_PHDR) {
      const resized = { ...each, size, memorySize: size };
      return tableAt === header.programHeaders.offset
        ? resized
        : { ...resized, ...placed({ offset: tableAt, size }, segment) };
    }
    const to = each.type === PT_LOAD || each.size === 0 ? undefined : movedTo(each, moves);
    return to === undefined ? each : { ...each, ...placed(to, segment) };
  });
  // In order of their addresses, as loaders want them.
  const last = segments.findLastIndex(({ type }) => type === PT_LOAD);
  return changed.toSpliced(last + 1, 0, segment.programHeader());
}

function placed({ offset, size }: FileRange, segment: AppendedSegment): Partial<ProgramHeader> {
  const address = segment.addressOf(offset);
  return { offset, address, physicalAddress: address, size, memorySize: size };
}

function sectionWrites(
  { reader: { format }, header }: ElfFile,
  { sections }: ElfTables,
  moves: readonly Move[],
  segment: AppendedSegment,
): FileWrite[] {
  return sections.flatMap((section, index) => {
    const to = hasBytes(section) ? movedTo(section, moves) : undefined;
    if (to === undefined) return [];
    const values = [segment.addressOf(to.offset), to.offset, to.size];
    return {
      position: header.sections.offset + index * format.sectionSize + sectionPlaces(format),
      bytes: Buffer.concat(values.map((value) => format.encode(value, format.addressSize))),
    };
  });
}
