// Notices whether anything is written to an open file.

import type { Stats } from "node:fs";
import type { OpenFile } from "@spack-oci/files";

export class WatchedFile implements OpenFile {
  readonly #file: OpenFile;
  isChanged = false;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  get size(): number {
    return this.#file.size;
  }

  readNow(buffer: Buffer, position: number): number {
    return this.#file.readNow(buffer, position);
  }

  writeNow(bytes: Buffer, position: number): void {
    this.isChanged = true;
    this.#file.writeNow(bytes, position);
  }

  read(...args: Parameters<OpenFile["read"]>): ReturnType<OpenFile["read"]> {
    return this.#file.read(...args);
  }

  write(...args: Parameters<OpenFile["write"]>): ReturnType<OpenFile["write"]> {
    this.isChanged = true;
    return this.#file.write(...args);
  }

  stat(): Promise<Stats> {
    return this.#file.stat();
  }

  truncate(length: number): Promise<void> {
    this.isChanged = true;
    return this.#file.truncate(length);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
