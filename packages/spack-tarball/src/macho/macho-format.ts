// Numbers and record sizes in Mach-O files of either width and byte order (Apple: <mach-o/loader.h>).

import { WordFormat } from "../binary-io/word-format.js";

const MAX_WORD = 2 ** 32 - 1;

/** The width and byte order of a Mach-O file, and what follows from them. */
export class MachOFormat extends WordFormat {
  get headerSize(): number {
    return this.is64 ? 32 : 28;
  }

  get segmentSize(): number {
    return this.is64 ? 72 : 56;
  }

  get sectionSize(): number {
    return this.is64 ? 80 : 68;
  }

  /** Sizes of load commands are multiples of this. */
  get commandAlignment(): number {
    return this.addressSize;
  }

  /** @throws UnsupportedMachOError if the value has more bits */
  setWord(bytes: Buffer, at: number, value: number): void {
    requireWithin(value, MAX_WORD);
    if (this.littleEndian) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
  }

  /** @throws UnsupportedMachOError if the value has more bits, or more than a number can hold exactly */
  setAddress(bytes: Buffer, at: number, value: number): void {
    requireWithin(value, this.is64 ? Number.MAX_SAFE_INTEGER : MAX_WORD);
    if (!this.is64) this.setWord(bytes, at, value);
    else if (this.littleEndian) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeBigUInt64BE(BigInt(value), at);
  }
}

function requireWithin(value: number, max: number): void {
  if (!(value >= 0 && value <= max)) throw new UnsupportedMachOError("a number that is too large");
}

/** A file that cannot be read as Mach-O or cannot be changed. Never leaves this folder. */
export class UnsupportedMachOError extends Error {}
