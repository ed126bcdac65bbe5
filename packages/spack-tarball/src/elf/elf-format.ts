// Numbers and record sizes in ELF files of either class and byte order (System V ABI, chapters 4 and 5).

import { WordFormat } from "../binary-io/word-format.js";

/** The class and byte order of an ELF file, and what follows from them. */
export class ElfFormat extends WordFormat {
  get segmentSize(): number {
    return this.is64 ? 56 : 32;
  }

  get sectionSize(): number {
    return this.is64 ? 64 : 40;
  }

  get symbolSize(): number {
    return this.is64 ? 24 : 16;
  }

  get dynamicEntrySize(): number {
    return 2 * this.addressSize;
  }

  half(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  /** A number in the file's byte order, in `size` bytes: 2, 4 or 8. */
  encode(value: number, size: number): Buffer {
    const bytes = Buffer.alloc(8);
    if (this.littleEndian) {
      bytes.writeBigUInt64LE(BigInt(value));
      return bytes.subarray(0, size);
    }
    bytes.writeBigUInt64BE(BigInt(value));
    return bytes.subarray(8 - size);
  }
}

/** An ELF file that Spack refuses too (its `ElfParsingError`), or that cannot grow. Never leaves this folder. */
export class UnsupportedElfError extends Error {}
