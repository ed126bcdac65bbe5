// The header of a universal binary, which holds a file for each of several architectures (Apple: <mach-o/fat.h>).

import type { RandomAccess } from "@spack-oci/files";
import { UnsupportedMachOError } from "./macho-format.js";

/** One architecture of a universal binary. */
export interface FatEntry {
  /** File offset of the entry's own record. */
  readonly position: number;
  readonly offset: number;
  readonly size: number;
  /** In bytes. */
  readonly alignment: number;
}

const FAT_MAGIC = 0xcafebabe;
const HEADER_SIZE = 8;
const ENTRY_SIZE = 20;

/** More would be a Java class, whose magic is the same. */
const MAX_ENTRIES = 9;

/** The exponent of the largest alignment (Apple: lipo, `MAXSECTALIGN`). */
const MAX_ALIGNMENT = 15;

/**
 * @returns undefined if the file is not universal
 * @throws UnsupportedMachOError if the architectures overlap or are not inside of the file
 */
export function readFatEntries(file: RandomAccess): FatEntry[] | undefined {
  const header = Buffer.alloc(HEADER_SIZE);
  if (file.readNow(header, 0) < HEADER_SIZE || header.readUInt32BE(0) !== FAT_MAGIC) return undefined;
  const count = header.readUInt32BE(4);
  if (count === 0 || count > MAX_ENTRIES) throw new UnsupportedMachOError("the number of architectures");
  const table = Buffer.alloc(count * ENTRY_SIZE);
  if (file.readNow(table, HEADER_SIZE) < table.length) throw new UnsupportedMachOError("a short header");
  const entries = Array.from({ length: count }, (_, index) => decodeEntry(table, index));
  requireApart(entries, HEADER_SIZE + table.length, file.size);
  return entries;
}

function decodeEntry(table: Buffer, index: number): FatEntry {
  const at = index * ENTRY_SIZE;
  const exponent = table.readUInt32BE(at + 16);
  if (exponent > MAX_ALIGNMENT) throw new UnsupportedMachOError("the alignment of an architecture");
  return {
    position: HEADER_SIZE + at,
    offset: table.readUInt32BE(at + 8),
    size: table.readUInt32BE(at + 12),
    alignment: 2 ** exponent,
  };
}

function requireApart(entries: readonly FatEntry[], start: number, size: number): void {
  let end = start;
  for (const entry of entries.toSorted((left, right) => left.offset - right.offset)) {
    if (entry.offset < end) throw new UnsupportedMachOError("architectures that overlap");
    end = entry.offset + entry.size;
  }
  if (end > size) throw new UnsupportedMachOError("an architecture beyond the end");
}

/** Changes where the record of an architecture says that it is. */
export function writeFatEntry(
  file: RandomAccess,
  { position }: FatEntry,
  { offset, size }: { readonly offset: number; readonly size: number },
): void {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(offset, 0);
  bytes.writeUInt32BE(size, 4);
  file.writeNow(bytes, position + 8);
}
