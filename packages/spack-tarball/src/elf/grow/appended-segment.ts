// What a segment at the end of a file will hold, piece by piece.

import { type ProgramHeader, PT_LOAD } from "../program-header.js";
import { alignUp, type FileRange, type FileWrite, type Move } from "./file-range.js";
import { PIECE_ALIGNMENT, type SegmentPlace } from "./segment-place.js";

const READABLE = 4;
const NUL = Buffer.alloc(1);

/** Collects pieces; nothing is written here. */
export class AppendedSegment {
  readonly writes: FileWrite[] = [];
  readonly #place: SegmentPlace;
  #end: number;

  constructor(place: SegmentPlace) {
    this.#place = place;
    this.#end = place.offset;
  }

  /** File offset behind the last piece. */
  get end(): number {
    return this.#end;
  }

  /** Room for bytes that are not known yet. @returns its file offset */
  reserve(size: number): number {
    const offset = this.#end;
    this.#end += size;
    return offset;
  }

  /** Room for a part of the file, aligned as it was. */
  move(from: FileRange): Move {
    this.#end = alignUp(this.#end, PIECE_ALIGNMENT) + (from.offset % PIECE_ALIGNMENT);
    return { from, to: { offset: this.reserve(from.size), size: from.size } };
  }

  /** A string and its NUL. @returns where both are */
  append(value: Buffer): FileRange {
    const bytes = Buffer.concat([value, NUL]);
    const position = this.reserve(bytes.length);
    this.writes.push({ position, bytes });
    return { offset: position, size: bytes.length };
  }

  /** Where a file offset inside of the segment is in memory. */
  addressOf(offset: number): number {
    return offset - this.#place.offset + this.#place.address;
  }

  /** The segment as its program header tells of it, once all pieces are there. */
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
