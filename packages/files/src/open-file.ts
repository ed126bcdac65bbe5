// A file that is open, and read and written at the pace of its file system.

import * as fs from "node:fs";
import { promisify } from "node:util";
import { pace } from "./pace.js";

/** What is done with a file whose content is looked at or changed; a FileHandle of node:fs/promises will do as well. */
export interface OpenFile {
  /** Reads up to `length` bytes into `buffer` at `offset`; at the end of the file it reads none. */
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  stat(): Promise<fs.Stats>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

const elsewhere = {
  open: promisify(fs.open),
  read: promisify(fs.read),
  write: promisify(fs.write),
  fstat: promisify(fs.fstat),
  ftruncate: promisify(fs.ftruncate),
  fchmod: promisify(fs.fchmod),
  futimes: promisify(fs.futimes),
  close: promisify(fs.close),
};

/**
 * Opens a file as `open` of node:fs/promises does, with the same errors. Whoever opens it closes it.
 *
 * @param mode of a file that is made
 */
export async function openFile(
  path: string | Buffer,
  flags: string | number,
  mode?: number,
): Promise<PacedFile> {
  const descriptor = await pace.run(
    () => fs.openSync(path, flags, mode),
    () => elsewhere.open(path, flags, mode),
  );
  return new PacedFile(descriptor);
}

/** An {@link OpenFile} that has attributes to set, too. */
export class PacedFile implements OpenFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> {
    return pace.run(
      () => ({ bytesRead: fs.readSync(this.#descriptor, buffer, offset, length, position) }),
      () => elsewhere.read(this.#descriptor, buffer, offset, length, position),
      length,
    );
  }

  write(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesWritten: number }> {
    return pace.run(
      () => ({ bytesWritten: fs.writeSync(this.#descriptor, buffer, offset, length, position) }),
      () => elsewhere.write(this.#descriptor, buffer, offset, length, position),
      length,
    );
  }

  stat(): Promise<fs.Stats> {
    return pace.run(
      () => fs.fstatSync(this.#descriptor),
      () => elsewhere.fstat(this.#descriptor),
    );
  }

  truncate(length: number): Promise<void> {
    return pace.run(
      () => fs.ftruncateSync(this.#descriptor, length),
      () => elsewhere.ftruncate(this.#descriptor, length),
    );
  }

  chmod(mode: number): Promise<void> {
    return pace.run(
      () => fs.fchmodSync(this.#descriptor, mode),
      () => elsewhere.fchmod(this.#descriptor, mode),
    );
  }

  /** @param atime and mtime, in seconds since 1970 */
  utimes(atime: number, mtime: number): Promise<void> {
    return pace.run(
      () => fs.futimesSync(this.#descriptor, atime, mtime),
      () => elsewhere.futimes(this.#descriptor, atime, mtime),
    );
  }

  close(): Promise<void> {
    return pace.run(
      () => fs.closeSync(this.#descriptor),
      () => elsewhere.close(this.#descriptor),
    );
  }
}
