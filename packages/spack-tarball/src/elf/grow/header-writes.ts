// Updates the tables of an ELF file after parts of it have moved into a new segment.

import { type FileRange, type FileWrite, movedTo } from "../../binary-io/file-range.js";
import { headerFields } from "../elf-header.js";
import { encodeProgramHeader, type ProgramHeader, PT_LOAD, PT_PHDR } from "../program-header.js";
import { sectionPlaces } from "../section-header.js";
import type { AppendedSegment, Rearrangement } from "./appended-segment.js";
import { hasBytes } from "./elf-tables.js";

/** @param tableAt new file offset of the program header table, in the new segment or unchanged */
export function headerWrites(change: Rearrangement, tableAt: number): FileWrite[] {
  const { format } = change.elf.reader;
  const fields = headerFields(format);
  const table = programHeaders(change, tableAt);
  return [
    { position: fields.programHeaders, bytes: format.encode(tableAt, format.addressSize) },
    { position: fields.count, bytes: format.encode(table.length, 2) },
    { position: tableAt, bytes: Buffer.concat(table.map((each) => encodeProgramHeader(each, format))) },
    ...sectionWrites(change),
  ];
}

function programHeaders(
  { elf: { reader, header }, tables: { segments }, moves, segment }: Rearrangement,
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
  // Loaders need them sorted by address.
  const last = segments.findLastIndex(({ type }) => type === PT_LOAD);
  return changed.toSpliced(last + 1, 0, segment.programHeader());
}

function placed({ offset, size }: FileRange, segment: AppendedSegment): Partial<ProgramHeader> {
  const address = segment.addressOf(offset);
  return { offset, address, physicalAddress: address, size, memorySize: size };
}

function sectionWrites({ elf, tables, moves, segment }: Rearrangement): FileWrite[] {
  const {
    reader: { format },
    header,
  } = elf;
  return tables.sections.flatMap((section, index) => {
    const to = hasBytes(section) ? movedTo(section, moves) : undefined;
    if (to === undefined) return [];
    const values = [segment.addressOf(to.offset), to.offset, to.size];
    return {
      position: header.sections.offset + index * format.sectionSize + sectionPlaces(format),
      bytes: Buffer.concat(values.map((value) => format.encode(value, format.addressSize))),
    };
  });
}
