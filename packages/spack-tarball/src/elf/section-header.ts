// One entry of the section header table.

import type { ElfFormat } from "./elf-format.js";

export const SHT_NULL = 0;
export const SHT_SYMTAB = 2;
export const SHT_STRTAB = 3;
export const SHT_HASH = 5;
export const SHT_DYNAMIC = 6;
export const SHT_NOBITS = 8;
export const SHT_DYNSYM = 11;
export const SHT_GNU_HASH = 0x6ffffff6;
export const SHT_GNU_VERDEF = 0x6ffffffd;
export const SHT_GNU_VERNEED = 0x6ffffffe;

export interface SectionHeader {
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  /** Index of the section that this one refers to, in most cases its string table. */
  readonly link: number;
  /** In version sections, the number of records. */
  readonly info: number;
}

export function decodeSectionHeader(bytes: Buffer, at: number, format: ElfFormat): SectionHeader {
  const places = at + sectionPlaces(format);
  const { addressSize } = format;
  return {
    type: format.word(bytes, at + 4),
    address: format.address(bytes, places),
    offset: format.address(bytes, places + addressSize),
    size: format.address(bytes, places + 2 * addressSize),
    link: format.word(bytes, places + 3 * addressSize),
    info: format.word(bytes, places + 3 * addressSize + 4),
  };
}

/** Offset of the consecutive fields address, offset and size. */
export function sectionPlaces(format: ElfFormat): number {
  return 8 + format.addressSize;
}
