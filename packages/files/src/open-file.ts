// An open file that is read and written in the way that suits its file system.

import * as fs from "node:fs";
import { promisify } from "node:util";
import { pace } from "./pace.js";
import type { RandomAccess } from "./random-access.js";

/** The part of a buffer that is read or written, and its position in the file. */
export interface Transfer {
  /** Index of the part's first byte in the buffer, 0 by default. The part extends to the end of the buffer. */
  readonly offset?: number;
  /** Byte offset in the file. */
  readonly position: number;
}

/** An open file whose content can be read and changed. */
export interface OpenFile extends RandomAccess {
  /** May read fewer bytes than requested; reads none at the end of the file. */
  read(buffer: Buffer, transfer: Transfer): Promise<{ bytesRead: number }>;
  write(buffer: Buffer, transfer: Transfer): Promise<{ bytesWritten: number }>;
  stat(): Promise<fs.Stats>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

const onThreadPool = {
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
 * Opens a file like `open` of node:fs/promises, with the same errors. The caller closes it.
 *
 * @param mode permissions of a new file
 */
export async function openFile(
  path: string | Buffer,
  flags: string | number,
  mode?: number,
): Promise<PacedFile> {
  const descriptor = await pace.run(
    () => fs.openSync(path, flags, mode),
    () => onThreadPool.open(path, flags, mode),
  );
  return new PacedFile(descriptor);
}

/** An {@link OpenFile} whose attributes can be set. */
export class PacedFile implements OpenFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(buffer: Buffer, { offset = 0, position }: Transfer): Promise<{ bytesRead: number }> {
    const length = buffer.length - offset;
    return pace.run(
      () => ({ bytesRead: fs.readSync(this.#descriptor, buffer, offset, length, position) }),
      () => onThreadPool.read(this.#descriptor, buffer, offset, length, position),
      length,
    );
  }

  write(buffer: Buffer, { offset = 0, position }: Transfer): Promise<{ bytesWritten: number }> {
    const length = buffer.length - offset;
    return pace.run(
      () => ({ bytesWritten: fs.writeSync(this.#descriptor, buffer, offset, length, position) }),
      () => onThreadPool.write(this.#descriptor, buffer, offset, length, position),
      length,
    );
  }

  get size(): number {
    return fs.fstatSync(this.#descriptor).size;
  }

  readNow(buffer: Buffer, position: number): number {
    let done = 0;
    while (done < buffer.length) {
      const count = fs.readSync(this.#descriptor, buffer, done, buffer.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  viewNow(buffer: Buffer, position: number): Buffer {
    return buffer.subarray(0, this.readNow(buffer, position));
  }

  writeNow(bytes: Buffer, position: number): void {
    for (let done = 0; done < bytes.length; )
      done += fs.writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
  }

  stat(): Promise<fs.Stats> {
    return pace.run(
      () => fs.fstatSync(this.#descriptor),
      () => onThreadPool.fstat(this.#descriptor),
    );
  }

  truncate(length: number): Promise<void> {
    return pace.run(
      () => fs.ftruncateSync(this.#descriptor, length),
      () => onThreadPool.ftruncate(this.#descriptor, length),
    );
  }

  chmod(mode: number): Promise<void> {
    return pace.run(
      () => fs.fchmodSync(this.#descriptor, mode),
      () => onThreadPool.fchmod(this.#descriptor, mode),
    );
  }

  /** Times are in seconds since 1970. */
  utimes(atime: number, mtime: number): Promise<void> {
    return pace.run(
      () => fs.futimesSync(this.#descriptor, atime, mtime),
      () => onThreadPool.futimes(this.#descriptor, atime, mtime),
    );
  }

  close(): Promise<void> {
    return pace.run(
      () => fs.closeSync(this.#descriptor),
      () => onThreadPool.close(this.#descriptor),
    );
  }
}
