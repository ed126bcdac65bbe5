// Finds out how large the load commands of a file may become: up to the first content after them, as install_name_tool
// has it.

import {
  LC_CODE_SIGNATURE,
  LC_DYLD_INFO,
  LC_DYLD_INFO_ONLY,
  LC_DYSYMTAB,
  LC_ENCRYPTION_INFO,
  LC_ENCRYPTION_INFO_64,
  LC_SYMTAB,
  LC_TWOLEVEL_HINTS,
  type LoadCommand,
} from "./load-command.js";
import type { MachOSlice } from "./macho-file.js";
import type { MachOFormat } from "./macho-format.js";
import type { Segment } from "./segments.js";

/** Commands of the linker whose only fields are an offset and a size (`linkedit_data_command`). */
const LINKEDIT_DATA = [LC_CODE_SIGNATURE, 0x1e, 0x26, 0x29, 0x2b, 0x2e, 0x80000033, 0x80000034, 0x36];

/** Positions of words with file offsets in other commands. */
const OFFSET_FIELDS = new Map([
  [LC_SYMTAB, [8, 16]],
  [LC_DYSYMTAB, [32, 40, 48, 56, 64, 72]],
  [LC_DYLD_INFO, [8, 16, 24, 32, 40]],
  [LC_DYLD_INFO_ONLY, [8, 16, 24, 32, 40]],
  [LC_TWOLEVEL_HINTS, [8]],
  [LC_ENCRYPTION_INFO, [8]],
  [LC_ENCRYPTION_INFO_64, [8]],
  ...LINKEDIT_DATA.map((type): [number, number[]] => [type, [8]]),
]);

/**
 * The largest size in bytes that all load commands may have together. Bytes after them count only if they are zero, so
 * that nothing is lost.
 */
export function commandRoom({ reader, format, commands, commandsSize, segments }: MachOSlice): number {
  const end = format.headerSize + commandsSize;
  const contents = [
    ...segments.flatMap((each) => contentOffsets(each, end)),
    ...commands.flatMap((each) => offsetsIn(each, format)),
  ];
  const limit = Math.min(reader.size, ...contents.filter((offset) => offset >= end));
  let zeros = 0;
  for (const piece of reader.pieces(end, limit - end)) {
    const used = piece.findIndex((byte) => byte !== 0);
    zeros += used < 0 ? piece.length : used;
    if (used >= 0) break;
  }
  return commandsSize + zeros;
}

/** The segment that holds the header has its first content where its first section is, if any section has content. */
function contentOffsets({ offset, size, sections }: Segment, headerEnd: number): number[] {
  if (size === 0) return [];
  const own = sections.filter((section) => section.size > 0 && !section.isZeroFill);
  const first = offset === 0 && sections.length === 0 ? headerEnd : offset;
  return [first, ...own.map((section) => section.offset)];
}

function offsetsIn({ type, bytes }: LoadCommand, format: MachOFormat): number[] {
  return (OFFSET_FIELDS.get(type) ?? [])
    .filter((at) => at + 4 <= bytes.length)
    .map((at) => format.word(bytes, at));
}
