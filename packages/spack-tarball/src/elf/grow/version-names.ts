// Reads the names in GNU symbol version sections, which are lists of records that have lists of their own
// (Linux Standard Base, Core, "Symbol Versioning").

import type { ElfFormat } from "../elf-format.js";
import { UnsupportedElfError } from "../elf-format.js";
import { type SectionHeader, SHT_GNU_VERNEED } from "../section-header.js";

/** Offsets of the fields of a record, and of the records in its list. Every `next` is a distance, 0 at the end. */
interface Layout {
  readonly size: number;
  readonly count: number;
  readonly list: number;
  readonly next: number;
  readonly name: number | undefined;
  readonly innerSize: number;
  readonly innerName: number;
  readonly innerNext: number;
}

const NEEDED: Layout = {
  size: 16,
  count: 2,
  list: 8,
  next: 12,
  name: 4,
  innerSize: 16,
  innerName: 8,
  innerNext: 12,
};
const DEFINED: Layout = {
  size: 20,
  count: 6,
  list: 12,
  next: 16,
  name: undefined,
  innerSize: 8,
  innerName: 0,
  innerNext: 4,
};

/** @returns for each name its offset in the string table, and the file offset of that reference */
export function* versionNames(
  bytes: Buffer,
  section: SectionHeader,
  format: ElfFormat,
): Generator<readonly [value: number, position: number]> {
  const layout = section.type === SHT_GNU_VERNEED ? NEEDED : DEFINED;
  const nameAt = (at: number) => [format.word(bytes, at), section.offset + at] as const;
  for (const at of positionsOf(bytes, format, {
    first: 0,
    count: section.info,
    size: layout.size,
    next: layout.next,
  })) {
    if (layout.name !== undefined) yield nameAt(at + layout.name);
    const first = at + format.word(bytes, at + layout.list);
    const count = format.half(bytes, at + layout.count);
    const list = { first, count, size: layout.innerSize, next: layout.innerNext };
    for (const inner of positionsOf(bytes, format, list)) yield nameAt(inner + layout.innerName);
  }
}

/** A list of records: position of the first, number and size, and the field with the distance to the next. */
interface RecordList {
  readonly first: number;
  readonly count: number;
  readonly size: number;
  readonly next: number;
}

function* positionsOf(
  bytes: Buffer,
  format: ElfFormat,
  { first, count, size, next }: RecordList,
): Generator<number> {
  let at = first;
  for (let index = 0; index < count; index += 1) {
    if (at + size > bytes.length) throw new UnsupportedElfError("a version outside its section");
    yield at;
    const distance = format.word(bytes, at + next);
    if (distance === 0) return;
    at += distance;
  }
}
