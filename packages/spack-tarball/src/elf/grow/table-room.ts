// Finds room for one more program header right behind the others. There the table need not move, which is best: kernels
// before 5.18 tell a program that its table is where the first segment would have it (AT_PHDR), and `strip` spoils files whose
// table is elsewhere.

import type { ElfFile } from "../elf-file.js";
import { PT_GNU_PROPERTY, PT_INTERP, PT_NOTE } from "../program-header.js";
import { type ElfTables, sectionsIn, segmentsIn } from "./elf-tables.js";
import { contains, type FileRange, mergeRanges, overlaps } from "./file-range.js";
import { hashTables } from "./hash-tables.js";

/** Nothing but its program header says where such a segment is, so that it may go elsewhere. */
const MOVABLE = [PT_INTERP, PT_NOTE, PT_GNU_PROPERTY];

/**
 * @param vacated what is about to be moved anyway
 * @returns what else has to make room, or undefined where the table itself has to move
 */
export async function findDisplacedRanges(
  elf: ElfFile,
  tables: ElfTables,
  vacated: readonly FileRange[],
): Promise<FileRange[] | undefined> {
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

  const bytes = await reader.read(entry.offset, entry.size);
  for (const range of free) {
    const from = Math.max(0, range.offset - entry.offset);
    const to = Math.min(entry.size, range.offset + range.size - entry.offset);
    if (to > from) bytes.fill(0, from, to);
  }
  // Whatever else is there belongs to something that no table tells of.
  return bytes.every((byte) => byte === 0) ? displaced : undefined;
}

/** The movable segments in the way, and those that share bytes with them, as ranges that are apart. */
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
