// Notices where something is written to a file.

import type { Stats } from "node:fs";
import type { OpenFile, RandomAccess } from "@spack-oci/files";
import type { FileRange } from "../binary-io/file-range.js";

/** A file that is read and written without waiting. */
export class WatchedAccess implements RandomAccess {
  readonly #file: RandomAccess;
  /** What was written, in order. */
  readonly changes: FileRange[] = [];

  constructor(file: RandomAccess) {
    this.#file = file;
  }

  get isChanged(): boolean {
    return this.changes.length > 0;
  }

  get size(): number {
    return this.#file.size;
  }

  readNow(buffer: Buffer, position: number): number {
    return this.#file.readNow(buffer, position);
  }

  viewNow(buffer: Buffer, position: number): Buffer {
    return this.#file.viewNow(buffer, position);
  }

  writeNow(bytes: Buffer, position: number): void {
    this.changes.push({ offset: position, size: bytes.length });
    this.#file.writeNow(bytes, position);
  }
}

export class WatchedFile extends WatchedAccess implements OpenFile {
  readonly #file: OpenFile;

  constructor(file: OpenFile) {
    super(file);
    this.#file = file;
  }

  read(...args: Parameters<OpenFile["read"]>): ReturnType<OpenFile["read"]> {
    return this.#file.read(...args);
  }

  write(buffer: Buffer, transfer: Transfer): ReturnType<OpenFile["write"]> {
    const { offset = 0, position } = transfer;
    this.changes.push({ offset: position, size: buffer.length - offset });
    return this.#file.write(buffer, transfer);
  }

  stat(): Promise<Stats> {
    return this.#file.stat();
  }

  truncate(length: number): Promise<void> {
    this.changes.push({ offset: length, size: Math.max(0, this.size - length) });
    return this.#file.truncate(length);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

type Transfer = Parameters<OpenFile["write"]>[1];
