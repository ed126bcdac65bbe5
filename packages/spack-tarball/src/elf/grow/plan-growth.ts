// Plans how strings of an ELF file get more room in a new segment at the end of the file, as with patchelf. Nothing is
// written before it is certain that everything can be.

import { contains, type FileRange, type FileWrite, type Move } from "../../binary-io/file-range.js";
import type { ElfFile, ElfStringUpdate } from "../elf-file.js";
import { UnsupportedElfError } from "../elf-format.js";
import { PT_PHDR } from "../program-header.js";
import { AppendedSegment } from "./appended-segment.js";
import { type ElfTables, readTables, sectionsIn, segmentsIn } from "./elf-tables.js";
import { growNames, type StringTable } from "./grown-names.js";
import { hashTableWrites } from "./hash-tables.js";
import { headerWrites } from "./header-writes.js";
import { placeSegment, requireReachableSegment } from "./segment-place.js";
import { findDisplacedRanges } from "./table-room.js";

/** Changes to the file, in this order. */
export interface GrowthPlan {
  readonly copies: readonly Move[];
  readonly zeros: readonly FileRange[];
  readonly writes: readonly FileWrite[];
  /** File offset of the new strings, which extend to the end of the file. */
  readonly grownStrings: number;
}

/** Bytes including the NUL: the longest path that Linux accepts. */
const MAX_INTERPRETER_SIZE = 4096;

/**
 * @param updates strings that become longer, with their new values
 * @returns undefined if the file cannot grow safely: it has no section headers, parts that share bytes, or no place for
 *   another segment
 */
export function planGrowth(elf: ElfFile, updates: readonly ElfStringUpdate[]): GrowthPlan | undefined {
  try {
    return plan(elf, updates);
  } catch (error) {
    if (error instanceof UnsupportedElfError) return undefined;
    throw error;
  }
}

function plan(elf: ElfFile, updates: readonly ElfStringUpdate[]): GrowthPlan {
  const tables = readTables(elf);
  const path = updates.find(({ string }) => string === elf.interpreter)?.value;
  const interpreter = path === undefined ? undefined : ownInterpreter(tables, path);
  const names = updates.filter(({ string }) => string !== elf.interpreter);
  const strings = names.length === 0 ? undefined : ownStringTable(elf, tables);

  const vacated = [interpreter, strings].filter((range) => range !== undefined);
  const displaced = findDisplacedRanges(elf, tables, vacated);
  if (displaced === undefined) requireMovableTable(tables);
  const segment = new AppendedSegment(placeSegment(elf, tables, displaced === undefined));
  const tableAt =
    displaced === undefined
      ? segment.reserve((tables.segments.length + 1) * elf.reader.format.segmentSize)
      : elf.header.programHeaders.offset;
  const moves = displaced?.map((range) => segment.move(range)) ?? [];
  const grown = strings && growNames(elf, { table: strings, updates: names, segment });
  if (grown !== undefined) moves.push(grown.move);
  const grownStrings = grown === undefined ? segment.end : grown.firstString;
  if (interpreter !== undefined && path !== undefined)
    moves.push({ from: interpreter, to: segment.append(path) });

  requireReachableSegment(elf, segment.programHeader());
  const change = { elf, tables, moves, segment };
  return {
    copies: moves.filter(({ from }) => from !== interpreter),
    zeros: [...moves.map(({ from }) => from), ...(grown?.unused ?? [])],
    writes: [
      ...segment.writes,
      ...(grown?.writes ?? []),
      ...hashTableWrites(change),
      ...headerWrites(change, tableAt),
    ],
    grownStrings,
  };
}

/** The segment of the interpreter's path, which may share bytes only with its own section. */
function ownInterpreter(tables: ElfTables, path: Buffer): FileRange {
  const { interpreter } = tables;
  if (interpreter === undefined || path.length >= MAX_INTERPRETER_SIZE)
    throw new UnsupportedElfError("interpreter");
  const sections = sectionsIn(tables, interpreter);
  const isShared = sections.length > 1 || segmentsIn(tables, interpreter).length > 1;
  if (isShared || !sections.every((section) => contains(interpreter, section)))
    throw new UnsupportedElfError("a shared interpreter");
  return interpreter;
}

/** The string table, which must not share bytes with anything. */
function ownStringTable({ stringTable }: ElfFile, tables: ElfTables): StringTable {
  if (stringTable === undefined) throw new UnsupportedElfError("no string table");
  const [section, ...others] = sectionsIn(tables, stringTable);
  if (section === undefined || others.length > 0 || segmentsIn(tables, stringTable).length > 0)
    throw new UnsupportedElfError("a shared string table");
  const index = tables.sections.indexOf(section);
  return { ...stringTable, users: tables.sections.filter(({ link }) => link === index) };
}

/** The loader of a program without PT_PHDR cannot find a table that has moved. */
function requireMovableTable(tables: ElfTables): void {
  if (tables.interpreter !== undefined && !tables.segments.some(({ type }) => type === PT_PHDR))
    throw new UnsupportedElfError("a program header table that cannot move");
}
