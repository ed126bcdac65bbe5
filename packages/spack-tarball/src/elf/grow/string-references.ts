// Finds everything in an ELF file that refers to the string table of the dynamic section.

import type { ElfFile } from "../elf-file.js";
import type { ElfFormat } from "../elf-format.js";
import { UnsupportedElfError } from "../elf-format.js";
import type { ElfReader } from "../elf-reader.js";
import {
  type SectionHeader,
  SHT_DYNAMIC,
  SHT_DYNSYM,
  SHT_GNU_VERDEF,
  SHT_GNU_VERNEED,
  SHT_SYMTAB,
} from "../section-header.js";
import { versionNames } from "./version-names.js";

export interface StringReference {
  /** Offset in the string table. */
  readonly value: number;
  /** File offset of the reference. */
  readonly position: number;
  /** In bytes. */
  readonly size: number;
}

/** Bytes. Such sections have a few kilobytes and are read as a whole. */
const MAX_VERSION_SECTION = 16 * 1024 * 1024;

/** DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH, DT_CONFIG, DT_DEPAUDIT, DT_AUDIT, DT_AUXILIARY, DT_USED, DT_FILTER. */
const TAGS_OF_STRINGS = [
  1, 14, 15, 29, 0x6ffffefa, 0x6ffffefb, 0x6ffffefc, 0x7ffffffd, 0x7ffffffe, 0x7fffffff,
];

/** Tags that refer to tables of references, and the types of the sections that hold those. */
const TABLES = [
  [6, SHT_DYNSYM],
  [0x6ffffffe, SHT_GNU_VERNEED],
  [0x6ffffffc, SHT_GNU_VERDEF],
] as const;

/**
 * @param sections those that use the string table
 * @param isWanted selects references by their value, because there may be very many symbols
 * @throws UnsupportedElfError if there may be references that cannot be found
 */
export function stringReferences(
  { reader, dynamic }: ElfFile,
  sections: readonly SectionHeader[],
  isWanted: (value: number) => boolean,
): StringReference[] {
  for (const [tag, type] of TABLES) {
    const isThere = dynamic.some((entry) => entry.tag === tag);
    if (isThere && !sections.some((section) => section.type === type))
      throw new UnsupportedElfError("a hidden table");
  }
  const references: StringReference[] = dynamic
    .filter(({ tag }) => TAGS_OF_STRINGS.includes(tag))
    .map(({ value, position }) => ({ value, position, size: reader.format.addressSize }))
    .filter(({ value }) => isWanted(value));
  for (const section of sections) {
    for (const names of namesIn(reader, section)) {
      for (const [value, position] of names) {
        if (isWanted(value)) references.push({ value, position, size: 4 });
      }
    }
  }
  return references;
}

type Name = readonly [value: number, position: number];

function* namesIn(reader: ElfReader, section: SectionHeader): Generator<Iterable<Name>, void, undefined> {
  const { format } = reader;
  if (section.type === SHT_DYNAMIC) return;
  if (section.type === SHT_DYNSYM || section.type === SHT_SYMTAB) {
    let position = section.offset;
    const count = Math.floor(section.size / format.symbolSize);
    for (const block of reader.blocks(section.offset, format.symbolSize, count)) {
      yield symbolNames(block, position, format);
      position += block.length;
    }
  } else if (section.type === SHT_GNU_VERNEED || section.type === SHT_GNU_VERDEF) {
    if (section.size > MAX_VERSION_SECTION) throw new UnsupportedElfError("very many versions");
    yield versionNames(reader.read(section.offset, section.size), section, format);
  } else {
    throw new UnsupportedElfError("an unknown user of the string table");
  }
}

function* symbolNames(symbols: Buffer, position: number, format: ElfFormat): Generator<Name> {
  for (let at = 0; at < symbols.length; at += format.symbolSize)
    yield [format.word(symbols, at), position + at];
}
