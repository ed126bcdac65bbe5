// Numbers in binary formats that exist in two widths and two byte orders.

/** The width and byte order of a file, and how its numbers are read. */
export class WordFormat {
  readonly is64: boolean;
  protected readonly littleEndian: boolean;

  constructor(is64: boolean, littleEndian: boolean) {
    this.is64 = is64;
    this.littleEndian = littleEndian;
  }

  /** Size in bytes of an address, an offset and most other fields. */
  get addressSize(): number {
    return this.is64 ? 8 : 4;
  }

  word(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  address(bytes: Buffer, at: number): number {
    if (!this.is64) return this.word(bytes, at);
    return Number(this.littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
}
