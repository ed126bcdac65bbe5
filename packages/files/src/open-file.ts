// A file that is open, and read and written at the pace of its file system.

import * as fs from "node:fs";
import { promisify } from "node:util";
import { pace } from "./pace.js";

/** Which part of a buffer is read or written, and where in the file. */
export interface Transfer {
  /** Byte of the buffer to begin with; its first by default. What follows it is the part. */
  readonly offset?: number;
  /** Byte of the file to begin with. */
  readonly position: number;
}

/** An open file whose content can be read and changed. A FileHandle of node:fs/promises is one too. */
export interface OpenFile {
  /** Fills the buffer as far as the file and the file system allow; at the end of the file it reads nothing. */
  read(buffer: Buffer, transfer: Transfer): Promise<{ bytesRead: number }>;
  write(buffer: Buffer, transfer: Transfer): Promise<{ bytesWritten: number }>;
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

  read(buffer: Buffer, { offset = 0, position }: Transfer): Promise<{ bytesRead: number }> {
    const length = buffer.length - offset;
    return pace.run(
      () => ({ bytesRead: fs.readSync(this.#descriptor, buffer, offset, length, position) }),
      () => elsewhere.read(this.#descriptor, buffer, offset, length, position),
      length,
    );
  }

  write(buffer: Buffer, { offset = 0, position }: Transfer): Promise<{ bytesWritten: number }> {
    const length = buffer.length - offset;
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
