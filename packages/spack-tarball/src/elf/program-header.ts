// One entry of the program header table: a segment.

import type { ElfFormat } from "./elf-format.js";

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;
export const PT_PHDR = 6;
export const PT_GNU_RELRO = 0x6474e552;
export const PT_GNU_PROPERTY = 0x6474e553;

export interface ProgramHeader {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly physicalAddress: number;
  /** Bytes in the file. */
  readonly size: number;
  readonly memorySize: number;
  readonly alignment: number;
}

export function decodeProgramHeader(bytes: Buffer, at: number, format: ElfFormat): ProgramHeader {
  const field = (index: number) => format.address(bytes, at + index * format.addressSize);
  return {
    type: format.word(bytes, at),
    // In 64-bit files the flags are in the first eight bytes, after the type.
    flags: format.word(bytes, at + (format.is64 ? 4 : 24)),
    offset: field(1),
    address: field(2),
    physicalAddress: field(3),
    size: field(4),
    memorySize: field(5),
    alignment: field(format.is64 ? 6 : 7),
  };
}

export function encodeProgramHeader(segment: ProgramHeader, format: ElfFormat): Buffer {
  const type = format.encode(segment.type, 4);
  const flags = format.encode(segment.flags, 4);
  const places = [segment.offset, segment.address, segment.physicalAddress, segment.size, segment.memorySize];
  const fields = places.map((value) => format.encode(value, format.addressSize));
  const alignment = format.encode(segment.alignment, format.addressSize);
  return Buffer.concat(
    format.is64 ? [type, flags, ...fields, alignment] : [type, ...fields, flags, alignment],
  );
}
