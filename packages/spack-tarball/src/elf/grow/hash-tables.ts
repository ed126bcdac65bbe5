// The hash tables of symbols. Only an entry of the dynamic section refers to one, so it can move.

import { type FileWrite, movedTo } from "../../binary-io/file-range.js";
import type { DynamicEntry, ElfFile } from "../elf-file.js";
import { type SectionHeader, SHT_GNU_HASH, SHT_HASH } from "../section-header.js";
import type { Rearrangement } from "./appended-segment.js";
import { type ElfTables, hasBytes } from "./elf-tables.js";

/** DT_HASH and DT_GNU_HASH, with the types of their sections. */
const TYPES = new Map([
  [4, SHT_HASH],
  [0x6ffffef5, SHT_GNU_HASH],
]);

interface HashTable {
  readonly entry: DynamicEntry;
  readonly section: SectionHeader;
}

export function hashTables(elf: ElfFile, tables: ElfTables): HashTable[] {
  return elf.dynamic.flatMap((entry) => {
    const section = tables.sections.find(
      (each) => hasBytes(each) && each.type === TYPES.get(entry.tag) && each.address === entry.value,
    );
    return section === undefined ? [] : { entry, section };
  });
}

/** Updates the dynamic section for hash tables that move. */
export function hashTableWrites({ elf, tables, moves, segment }: Rearrangement): FileWrite[] {
  const { format } = elf.reader;
  return hashTables(elf, tables).flatMap(({ entry, section }) => {
    const to = movedTo(section, moves);
    if (to === undefined) return [];
    return {
      position: entry.position,
      bytes: format.encode(segment.addressOf(to.offset), format.addressSize),
    };
  });
}
