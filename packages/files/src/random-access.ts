// Bytes at any position of a file, read and changed without waiting. Work on files that are in memory is much slower
// with a promise for each step.

/** A file, in memory or on disk. */
export interface RandomAccess {
  /** In bytes. */
  readonly size: number;
  /**
   * Copies bytes at a position into a buffer.
   *
   * @returns their number, which is less than the buffer's length only at the end
   */
  readNow(buffer: Buffer, position: number): number;
  /**
   * The bytes that {@link readNow} would copy: if possible a part of the file itself, which later writes may change, and
   * otherwise a part of the buffer.
   */
  viewNow(buffer: Buffer, position: number): Buffer;
  /** Writes all of `bytes` at a position. A gap before them is filled with zeros. */
  writeNow(bytes: Buffer, position: number): void;
}
