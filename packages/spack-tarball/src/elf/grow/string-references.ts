// Everything in an ELF file that refers to a string of the dynamic section's string table.

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
  /** Place in the string table. */
  readonly value: number;
  /** File offset of the reference, and its size in bytes. */
  readonly position: number;
  readonly size: number;
}

/** They are a few kilobytes, and held at once. */
const MAX_VERSION_SECTION = 16 * 1024 * 1024;

/** DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH, DT_CONFIG, DT_DEPAUDIT, DT_AUDIT, DT_AUXILIARY, DT_USED, DT_FILTER. */
const TAGS_OF_STRINGS = [
  1, 14, 15, 29, 0x6ffffefa, 0x6ffffefb, 0x6ffffefc, 0x7ffffffd, 0x7ffffffe, 0x7fffffff,
];

/** A tag that says where a table of references is, and the type of the section that the table is then in. */
const TABLES = [
  [6, SHT_DYNSYM],
  [0x6ffffffe, SHT_GNU_VERNEED],
  [0x6ffffffc, SHT_GNU_VERDEF],
] as const;

/**
 * @param sections that use the string table
 * @param isWanted picks references by their value; symbols are many
 * @throws UnsupportedElfError where there may be references that cannot be found
 */
export async function stringReferences(
  { reader, dynamic }: ElfFile,
  sections: readonly SectionHeader[],
  isWanted: (value: number) => boolean,
): Promise<StringReference[]> {
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
    for await (const names of namesIn(reader, section)) {
      for (const [value, position] of names) {
        if (isWanted(value)) references.push({ value, position, size: 4 });
      }
    }
  }
  return references;
}

type Name = readonly [value: number, position: number];

async function* namesIn(
  reader: ElfReader,
  section: SectionHeader,
): AsyncGenerator<Iterable<Name>, void, undefined> {
  const { format } = reader;
  if (section.type === SHT_DYNAMIC) return;
  if (section.type === SHT_DYNSYM || section.type === SHT_SYMTAB) {
    let position = section.offset;
    const count = Math.floor(section.size / format.symbolSize);
    for await (const block of reader.blocks(section.offset, format.symbolSize, count)) {
      yield symbolNames(block, position, format);
      position += block.length;
    }
  } else if (section.type === SHT_GNU_VERNEED || section.type === SHT_GNU_VERDEF) {
    if (section.size > MAX_VERSION_SECTION) throw new UnsupportedElfError("very many versions");
    yield versionNames(await reader.read(section.offset, section.size), section, format);
  } else {
    throw new UnsupportedElfError("an unknown user of the string table");
  }
}

function* symbolNames(symbols: Buffer, position: number, format: ElfFormat): Generator<Name> {
  for (let at = 0; at < symbols.length; at += format.symbolSize)
    yield [format.word(symbols, at), position + at];
}
