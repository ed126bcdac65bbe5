// The open lock files of this process. Closing any descriptor of a file drops all of the process's record locks on it,
// so each file is open once, and stays open while anyone uses it (`OpenFileTracker` in Spack's `llnl/util/lock.py`).

import { type BigIntStats, closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeDirectories } from "@spack-oci/files";
import { type LockMode, lockError } from "./locks.js";

/** A lock file in use. */
export interface LockFile {
  readonly fd: number;
  /** Equal for all paths of the file, and different from that of a file that replaces it. */
  readonly identity: string;
  close(): void;
}

interface OpenFile {
  readonly fd: number;
  readonly identity: string;
  users: number;
}

/** Shares descriptors between everyone who uses the same file. */
export class LockFiles {
  readonly #files = new Map<string, OpenFile>();

  /**
   * Opens a file, or creates it with Spack's permissions. A read-only file can be opened for shared locks.
   *
   * @throws SpackOciError `ERR_LOCK_DENIED`, or `ERR_LOCK_FILE`
   */
  async open(path: string, mode: LockMode): Promise<LockFile> {
    const file = await this.#findOrOpen(path, mode);
    return { fd: file.fd, identity: file.identity, close: () => this.#close(file) };
  }

  /** Counts the caller as a user. */
  async #findOrOpen(path: string, mode: LockMode): Promise<OpenFile> {
    try {
      if (this.#find(path) === undefined) await makeDirectories(dirname(path));
      // Synchronous from here, so that nobody else opens the file between looking for it and opening it, or closes it
      // before its new user counts.
      const file = this.#find(path) ?? this.#add(path, mode);
      file.users += 1;
      return file;
    } catch (error) {
      throw lockError(path, error);
    }
  }

  #find(path: string): OpenFile | undefined {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : this.#files.get(identityOf(stats));
  }

  #add(path: string, mode: LockMode): OpenFile {
    const fd = openLockFile(path, mode);
    const identity = identityOf(fstatSync(fd, { bigint: true }));
    const file = { fd, identity, users: 0 };
    this.#files.set(identity, file);
    return file;
  }

  #close(file: OpenFile): void {
    file.users -= 1;
    if (file.users > 0) return;
    this.#files.delete(file.identity);
    closeSync(file.fd);
  }
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function openLockFile(path: string, mode: LockMode): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o777);
  } catch (error) {
    if (mode === "exclusive") throw error;
    return openSync(path, "r");
  }
}
