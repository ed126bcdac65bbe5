// The ELF header: the type of the file, and where its two tables are.

import type { ElfFormat } from "./elf-format.js";

/** A table of records of equal size. */
export interface ElfTable {
  readonly offset: number;
  readonly count: number;
  readonly entrySize: number;
}

export interface ElfHeader {
  readonly type: number;
  readonly machine: number;
  readonly programHeaders: ElfTable;
  readonly sections: ElfTable;
}

export const ELF_IDENT_SIZE = 16;

/** File offsets of header fields. */
export function headerFields(format: ElfFormat) {
  return format.is64
    ? {
        programHeaders: 32,
        sections: 40,
        entrySize: 54,
        count: 56,
        sectionEntrySize: 58,
        sectionCount: 60,
        end: 64,
      }
    : {
        programHeaders: 28,
        sections: 32,
        entrySize: 42,
        count: 44,
        sectionEntrySize: 46,
        sectionCount: 48,
        end: 52,
      };
}

/** @param bytes the whole header, including `e_ident` */
export function decodeHeader(bytes: Buffer, format: ElfFormat): ElfHeader {
  const fields = headerFields(format);
  return {
    type: format.half(bytes, 16),
    machine: format.half(bytes, 18),
    programHeaders: {
      offset: format.address(bytes, fields.programHeaders),
      count: format.half(bytes, fields.count),
      entrySize: format.half(bytes, fields.entrySize),
    },
    sections: {
      offset: format.address(bytes, fields.sections),
      count: format.half(bytes, fields.sectionCount),
      entrySize: format.half(bytes, fields.sectionEntrySize),
    },
  };
}
