// What the writes for a growing ELF file derive from.

import type { ElfFile } from "../elf-file.js";
import type { AppendedSegment } from "./appended-segment.js";
import type { ElfTables } from "./elf-tables.js";
import type { Move } from "./file-range.js";

/** A file, the segment that it gets, and what moves there. */
export interface Rearrangement {
  readonly elf: ElfFile;
  readonly tables: ElfTables;
  readonly moves: readonly Move[];
  readonly segment: AppendedSegment;
}
