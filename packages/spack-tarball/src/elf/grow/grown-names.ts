// Moves the string table of the dynamic section to a place where longer strings can follow, and updates every
// reference.

import type { FileRange, FileWrite, Move } from "../../binary-io/file-range.js";
import { DT_STRTAB, type ElfFile, type ElfStringUpdate } from "../elf-file.js";
import { UnsupportedElfError } from "../elf-format.js";
import type { SectionHeader } from "../section-header.js";
import type { AppendedSegment } from "./appended-segment.js";
import { type StringReference, stringReferences } from "./string-references.js";

const DT_STRSZ = 10;

/** The string table of the dynamic section. */
export interface StringTable extends FileRange {
  /** Sections that refer to the table. */
  readonly users: readonly SectionHeader[];
}

export interface GrownNames {
  readonly move: Move;
  /** File offset of the first new string. */
  readonly firstString: number;
  /** Old strings in the moved table that are not referred to any more. */
  readonly unused: readonly FileRange[];
  readonly writes: readonly FileWrite[];
}

export interface GrowNamesRequest {
  /** The table with the strings. */
  readonly table: StringTable;
  readonly updates: readonly ElfStringUpdate[];
  /** Receives the table, with the new strings after it. */
  readonly segment: AppendedSegment;
}

/** @throws UnsupportedElfError if the table or a reference to it is unusual */
export function growNames(elf: ElfFile, { table, updates, segment }: GrowNamesRequest): GrownNames {
  const { format } = elf.reader;
  if (elf.reader.read(table.offset + table.size - 1, 1)[0] !== 0)
    throw new UnsupportedElfError("a string table without end");
  const { from, to } = segment.move(table);
  const places = new Map<number, number>();
  for (const { string, value } of updates) {
    const old = string.offset - table.offset;
    if (!places.has(old)) places.set(old, segment.append(value).offset - to.offset);
  }
  const size = segment.end - to.offset;

  const old = updates.map(({ string }) => ({
    offset: string.offset - table.offset,
    size: string.value.length,
  }));
  const references = stringReferences(elf, table.users, (place) =>
    old.some(({ offset, size: length }) => place >= offset && place < offset + length),
  );
  const shared = references.filter(({ value }) => !places.has(value));
  const unused: FileRange[] = [];
  for (const string of old) {
    const length = unusedLength(elf, string, { table, shared });
    unused.push({ offset: to.offset + string.offset, size: length });
  }
  const grown = references.flatMap(({ value, position, size: width }) => {
    const place = places.get(value);
    return place === undefined ? [] : [{ position, bytes: format.encode(place, width) }];
  });
  return {
    move: { from, to: { offset: to.offset, size } },
    firstString: to.offset + to.size,
    unused,
    writes: [...grown, ...tableWrites(elf, segment.addressOf(to.offset), size)],
  };
}

/** Updates the address and size of the string table in the dynamic section. */
function tableWrites({ dynamic, reader: { format } }: ElfFile, address: number, size: number): FileWrite[] {
  const values = [
    [DT_STRTAB, address],
    [DT_STRSZ, size],
  ] as const;
  return values.map(([tag, value]) => {
    const entry = dynamic.find((each) => each.tag === tag);
    if (entry === undefined) throw new UnsupportedElfError("a string table without size");
    return { position: entry.position, bytes: format.encode(value, format.addressSize) };
  });
}

/** Length of the part of an old string that is not referred to any more: linkers let strings share their ends. */
function unusedLength(
  { reader }: ElfFile,
  old: FileRange,
  { table, shared }: { readonly table: FileRange; readonly shared: readonly StringReference[] },
): number {
  const isTail = old.offset > 0 && reader.read(table.offset + old.offset - 1, 1)[0] !== 0;
  if (isTail) return 0;
  const tails = shared.map(({ value }) => value - old.offset).filter((at) => at > 0 && at < old.size);
  return Math.min(old.size, ...tails);
}
