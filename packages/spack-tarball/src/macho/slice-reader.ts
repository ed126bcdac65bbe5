// Reads and writes one architecture of a Mach-O file, never outside of it.

import type { RandomAccess } from "@spack-oci/files";
import { UnsupportedMachOError } from "./macho-format.js";

/** Bytes that are read at once. */
const PIECE_SIZE = 1024 * 1024;

export class SliceReader {
  readonly #file: RandomAccess;
  /** Where the slice begins in the file. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;

  constructor(file: RandomAccess, { offset, size }: { readonly offset: number; readonly size: number }) {
    this.#file = file;
    this.offset = offset;
    this.size = size;
  }

  /** @throws UnsupportedMachOError if the slice ends before that */
  read(offset: number, length: number): Buffer {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size))
      throw new UnsupportedMachOError("the file ends early");
    const bytes = Buffer.allocUnsafe(length);
    if (this.#file.readNow(bytes, this.offset + offset) < length)
      throw new UnsupportedMachOError("the file ends early");
    return bytes;
  }

  /**
   * Like {@link read}, without copying if the file is in memory.
   *
   * @param buffer takes the bytes otherwise; what is returned is valid until it or the file changes
   */
  view(offset: number, buffer: Buffer): Buffer {
    if (!(offset >= 0 && offset + buffer.length <= this.size))
      throw new UnsupportedMachOError("the file ends early");
    const bytes = this.#file.viewNow(buffer, this.offset + offset);
    if (bytes.length < buffer.length) throw new UnsupportedMachOError("the file ends early");
    return bytes;
  }

  /** Consecutive pieces of a part of the slice. */
  *pieces(offset: number, length: number): Generator<Buffer, void, undefined> {
    for (let done = 0; done < length; done += PIECE_SIZE)
      yield this.read(offset + done, Math.min(PIECE_SIZE, length - done));
  }

  /** @throws UnsupportedMachOError if the slice ends before that */
  write(bytes: Buffer, offset: number): void {
    if (offset < 0 || offset + bytes.length > this.size)
      throw new UnsupportedMachOError("the file ends early");
    this.#file.writeNow(bytes, this.offset + offset);
  }
}
