// Makes room for another program header right after the others, so that the table need not move: kernels before 5.18
// pass programs a wrong address of a table that is not in the first segment (AT_PHDR), and `strip` damages such files.

import { contains, type FileRange, mergeRanges, overlaps } from "../../binary-io/file-range.js";
import type { ElfFile } from "../elf-file.js";
import { PT_GNU_PROPERTY, PT_INTERP, PT_NOTE } from "../program-header.js";
import { type ElfTables, sectionsIn, segmentsIn } from "./elf-tables.js";
import { hashTables } from "./hash-tables.js";

/** Only a program header refers to such a segment, so it can move. */
const MOVABLE = [PT_INTERP, PT_NOTE, PT_GNU_PROPERTY];

/**
 * @param vacated ranges that are about to move anyway
 * @returns other ranges that have to make room, or undefined if the table itself has to move
 */
export function findDisplacedRanges(
  elf: ElfFile,
  tables: ElfTables,
  vacated: readonly FileRange[],
): FileRange[] | undefined {
  const { reader, header } = elf;
  const { offset, count, entrySize } = header.programHeaders;
  const entry = { offset: offset + count * entrySize, size: entrySize };
  const table = { offset, size: (count + 1) * entrySize };
  if (!tables.loads.some((load) => contains(load, table))) return undefined;

  const segments = tables.segments.filter(({ type, size }) => MOVABLE.includes(type) && size > 0);
  const movable = [...segments, ...hashTables(elf, tables).map(({ section }) => section)].filter(
    (part) => !vacated.some((range) => contains(range, part)),
  );
  const displaced = closure(entry, movable);
  const free = [...displaced, ...vacated];
  const claims = [entry, ...displaced].flatMap((range) => claimsOn(range, tables));
  if (claims.some((claim) => !free.some((range) => contains(range, claim)))) return undefined;
  const { sections } = header;
  if (overlaps(entry, { offset: sections.offset, size: sections.count * sections.entrySize }))
    return undefined;

  const bytes = reader.read(entry.offset, entry.size);
  for (const range of free) {
    const from = Math.max(0, range.offset - entry.offset);
    const to = Math.min(entry.size, range.offset + range.size - entry.offset);
    if (to > from) bytes.fill(0, from, to);
  }
  // Other bytes belong to something that no table describes.
  return bytes.every((byte) => byte === 0) ? displaced : undefined;
}

/** The movable parts in the way and those that share bytes with them, as separate ranges. */
function closure(entry: FileRange, movable: readonly FileRange[]): FileRange[] {
  let ranges: FileRange[] = [];
  let found = movable.filter((segment) => overlaps(segment, entry));
  while (found.length > 0) {
    ranges = mergeRanges([...ranges, ...found]);
    found = movable.filter(
      (segment) =>
        ranges.some((range) => overlaps(segment, range)) && !ranges.some((range) => contains(range, segment)),
    );
  }
  return ranges;
}

function claimsOn(range: FileRange, tables: ElfTables): FileRange[] {
  return [...sectionsIn(tables, range), ...segmentsIn(tables, range)];
}
