// Reads the parts of a Mach-O file that relocation needs: its architectures, and the load commands of each.

import type { RandomAccess } from "@spack-oci/files";
import { type FatEntry, readFatEntries } from "./fat-header.js";
import { decodeCommands, type LoadCommand } from "./load-command.js";
import { MachOFormat, UnsupportedMachOError } from "./macho-format.js";
import { type Segment, segmentsOf } from "./segments.js";
import { SliceReader } from "./slice-reader.js";

/** One architecture of a Mach-O file. */
export interface MachOSlice {
  readonly reader: SliceReader;
  readonly format: MachOFormat;
  readonly cpuType: number;
  /** `MH_EXECUTE`, `MH_DYLIB` and so on. */
  readonly fileType: number;
  readonly commands: readonly LoadCommand[];
  /** Bytes of all commands as the header has them, which may be more. */
  readonly commandsSize: number;
  readonly segments: readonly Segment[];
  /** The record of the slice in a universal binary. */
  readonly fatEntry: FatEntry | undefined;
}

export const MH_OBJECT = 0x1;
export const MH_EXECUTE = 0x2;
export const MH_DYLIB = 0x6;
export const MH_DYLINKER = 0x7;
export const MH_BUNDLE = 0x8;

export const CPU_TYPE_ARM64 = 0x0100000c;

const FORMATS = new Map([
  [0xfeedface, new MachOFormat(false, false)],
  [0xcefaedfe, new MachOFormat(false, true)],
  [0xfeedfacf, new MachOFormat(true, false)],
  [0xcffaedfe, new MachOFormat(true, true)],
]);

/** Where a header has the number of commands and their size. */
const COUNT_AT = 16;
const SIZE_AT = 20;

/**
 * Parses a thin file or every architecture of a universal binary.
 *
 * @returns undefined if the file is malformed in any architecture. Spack leaves such a file's commands alone, too
 */
export function parseMachO(file: RandomAccess): MachOSlice[] | undefined {
  try {
    const entries = readFatEntries(file);
    if (entries === undefined) return [parseSlice(file, { offset: 0, size: file.size }, undefined)];
    return entries.map((entry) => parseSlice(file, entry, entry));
  } catch (error) {
    if (error instanceof UnsupportedMachOError) return undefined;
    throw error;
  }
}

function parseSlice(
  file: RandomAccess,
  place: { readonly offset: number; readonly size: number },
  fatEntry: FatEntry | undefined,
): MachOSlice {
  const reader = new SliceReader(file, place);
  const format = FORMATS.get(reader.read(0, 4).readUInt32BE(0));
  if (format === undefined) throw new UnsupportedMachOError("no Mach-O magic");
  const header = reader.read(0, format.headerSize);
  const count = format.word(header, COUNT_AT);
  const commandsSize = format.word(header, SIZE_AT);
  const bytes = reader.read(format.headerSize, commandsSize);
  const commands = decodeCommands(bytes, { start: format.headerSize, count, format });
  return {
    reader,
    format,
    cpuType: format.word(header, 4),
    fileType: format.word(header, 12),
    commands,
    commandsSize,
    segments: segmentsOf(commands, format),
    fatEntry,
  };
}

/** Changes the number and size of the commands in the header of a slice. */
export function writeCommandTotals(
  { reader, format }: MachOSlice,
  { count, size }: { readonly count: number; readonly size: number },
): void {
  const bytes = Buffer.alloc(8);
  format.setWord(bytes, 0, count);
  format.setWord(bytes, 4, size);
  reader.write(bytes, COUNT_AT);
}
