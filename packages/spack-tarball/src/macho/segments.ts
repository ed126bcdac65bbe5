// Segments and sections, which say where the contents of a Mach-O file are.

import { LC_SEGMENT, LC_SEGMENT_64, type LoadCommand } from "./load-command.js";
import { type MachOFormat, UnsupportedMachOError } from "./macho-format.js";

export interface Segment {
  readonly name: string;
  readonly command: LoadCommand;
  readonly address: number;
  readonly memorySize: number;
  /** From the start of the slice. */
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
  readonly sections: readonly Section[];
}

interface Section {
  readonly name: string;
  /** From the start of the slice. */
  readonly offset: number;
  readonly size: number;
  /** Whether it has no bytes in the file. */
  readonly isZeroFill: boolean;
}

/** Section types (`S_ZEROFILL`, `S_GB_ZEROFILL`, `S_THREAD_LOCAL_ZEROFILL`). */
const ZERO_FILL = [0x1, 0xc, 0x12];

const NAME_SIZE = 16;

/** Where a segment command has the segment's name. */
const NAME_AT = 8;

/** @throws UnsupportedMachOError if sections are not inside of their command */
export function segmentsOf(commands: readonly LoadCommand[], format: MachOFormat): Segment[] {
  const type = format.is64 ? LC_SEGMENT_64 : LC_SEGMENT;
  return commands.filter((command) => command.type === type).map((command) => decode(command, format));
}

function decode(command: LoadCommand, format: MachOFormat): Segment {
  const { bytes } = command;
  const { segmentSize, sectionSize } = format;
  if (bytes.length < segmentSize) throw new UnsupportedMachOError("a short segment command");
  const count = format.word(bytes, segmentSize - 8);
  if (segmentSize + count * sectionSize > bytes.length) throw new UnsupportedMachOError("too many sections");
  const field = (index: number) => format.address(bytes, NAME_AT + NAME_SIZE + index * format.addressSize);
  return {
    name: nameAt(bytes, NAME_AT),
    command,
    address: field(0),
    memorySize: field(1),
    offset: field(2),
    size: field(3),
    sections: Array.from({ length: count }, (_, index) =>
      decodeSection(bytes, segmentSize + index * sectionSize, format),
    ),
  };
}

function decodeSection(bytes: Buffer, at: number, format: MachOFormat): Section {
  const sizeAt = at + 2 * NAME_SIZE + format.addressSize;
  const offsetAt = sizeAt + format.addressSize;
  const flags = format.word(bytes, offsetAt + 16);
  return {
    name: nameAt(bytes, at),
    size: format.address(bytes, sizeAt),
    offset: format.word(bytes, offsetAt),
    isZeroFill: ZERO_FILL.includes(flags & 0xff),
  };
}

/** A segment command in which the segment ends elsewhere. */
export function resizedSegment(
  { command }: Segment,
  { size, memorySize }: { readonly size: number; readonly memorySize: number },
  format: MachOFormat,
): Buffer {
  const bytes = Buffer.from(command.bytes);
  const fields = NAME_AT + NAME_SIZE;
  format.setAddress(bytes, fields + format.addressSize, memorySize);
  format.setAddress(bytes, fields + 3 * format.addressSize, size);
  return bytes;
}

function nameAt(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, at + NAME_SIZE).replace(/\0.*$/s, "");
}
