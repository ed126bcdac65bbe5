// The segment that is appended to a file, piece by piece.

import { alignUp, type FileRange, type FileWrite, type Move } from "../../binary-io/file-range.js";
import type { ElfFile } from "../elf-file.js";
import { type ProgramHeader, PT_LOAD } from "../program-header.js";
import type { ElfTables } from "./elf-tables.js";
import { PIECE_ALIGNMENT, type SegmentPlace } from "./segment-place.js";

const READABLE = 4;
const NUL = Buffer.alloc(1);

/** Collects pieces without writing anything. */
export class AppendedSegment {
  readonly writes: FileWrite[] = [];
  readonly #place: SegmentPlace;
  #end: number;

  constructor(place: SegmentPlace) {
    this.#place = place;
    this.#end = place.offset;
  }

  /** File offset after the last piece. */
  get end(): number {
    return this.#end;
  }

  /** Reserves room for bytes that are not known yet. @returns its file offset */
  reserve(size: number): number {
    const offset = this.#end;
    this.#end += size;
    return offset;
  }

  /** Reserves room for a part of the file, with the same alignment. */
  move(from: FileRange): Move {
    this.#end = alignUp(this.#end, PIECE_ALIGNMENT) + (from.offset % PIECE_ALIGNMENT);
    return { from, to: { offset: this.reserve(from.size), size: from.size } };
  }

  /** Adds a string and its NUL. @returns the range of both */
  append(value: Buffer): FileRange {
    const bytes = Buffer.concat([value, NUL]);
    const position = this.reserve(bytes.length);
    this.writes.push({ position, bytes });
    return { offset: position, size: bytes.length };
  }

  /** Address in memory of a file offset in the segment. */
  addressOf(offset: number): number {
    return offset - this.#place.offset + this.#place.address;
  }

  /** The program header of the segment, after all pieces were added. */
  programHeader(): ProgramHeader {
    const { offset, address, alignment } = this.#place;
    const size = this.#end - offset;
    return {
      type: PT_LOAD,
      flags: READABLE,
      offset,
      address,
      physicalAddress: address,
      size,
      memorySize: size,
      alignment,
    };
  }
}

/** A file, the segment that it gets, and what moves there. */
export interface Rearrangement {
  readonly elf: ElfFile;
  readonly tables: ElfTables;
  readonly moves: readonly Move[];
  readonly segment: AppendedSegment;
}
