// Creates files and directories with the modes and times that they keep. It works synchronously: a promise for each
// step would take several times as long as the step.

import * as fs from "node:fs";
import { type OnRefusal, tolerating } from "@spack-oci/files";
import { type PackagePermissions, wantedMode } from "./permissions.js";

const NEW_FILE = fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL;
const ALL_BITS = 0o7777;
const RWX = 0o777;

/** A file to create. */
export interface NewFile {
  /** What it contains, in parts. */
  readonly parts: readonly Buffer[];
  /** The mode that it has in its package; permissions change it. */
  readonly mode: number;
  /** Seconds since 1970; undefined for now. */
  readonly mtime: number | undefined;
}

/** How modes, groups and times are set. */
export interface EntryOptions {
  readonly permissions: PackagePermissions;
  /** Receives what the file system refuses; without it a refusal is an error. */
  readonly onRefusal?: OnRefusal | undefined;
}

/** Creates files and directories of one package. */
export class NewEntries {
  readonly #permissions: PackagePermissions;
  readonly #onRefusal: OnRefusal | undefined;
  /** The group of new entries outside of directories that pass on theirs. */
  #usualGroup: bigint | undefined;

  constructor({ permissions, onRefusal }: EntryOptions) {
    this.#permissions = permissions;
    this.#onRefusal = onRefusal;
  }

  /**
   * Creates a file with one `open`, one `write` for each part, and one `close`.
   *
   * @returns its final status
   * @throws SpackOciError `ERR_PERMISSIONS_UNSAFE`; errors of the file system unchanged
   */
  file(path: string | Buffer, { parts, mode, mtime }: NewFile): fs.BigIntStats {
    const descriptor = this.open(path, mode);
    try {
      for (const part of parts) {
        for (let done = 0; done < part.length; ) done += fs.writeSync(descriptor, part, done);
      }
      return this.complete(path, descriptor, { mode, mtime });
    } finally {
      fs.closeSync(descriptor);
    }
  }

  /**
   * Creates an empty file for reading and writing, which {@link complete} and closing end.
   *
   * @param mode as in {@link NewFile}
   * @throws SpackOciError `ERR_PERMISSIONS_UNSAFE`; errors of the file system unchanged
   */
  open(path: string | Buffer, mode: number): number {
    return fs.openSync(path, NEW_FILE, this.#modeOf(path, mode) & RWX);
  }

  /** Dates an open file, and sets its mode and group. @returns its final status */
  complete(
    path: string | Buffer,
    descriptor: number,
    { mode, mtime }: Omit<NewFile, "parts">,
  ): fs.BigIntStats {
    if (mtime !== undefined)
      tolerating(this.#onRefusal, "time", () => fs.futimesSync(descriptor, mtime, mtime));
    const status = fs.fstatSync(descriptor, BIGINT);
    const isChanged = this.#setAccess(path, status, {
      wanted: this.#modeOf(path, mode),
      chmod: (bits) => fs.fchmodSync(descriptor, bits),
      chown: (uid, gid) => fs.fchownSync(descriptor, uid, gid),
    });
    return isChanged ? fs.fstatSync(descriptor, BIGINT) : status;
  }

  /** Creates a directory. @returns its status, which only times change */
  directory(path: string | Buffer): fs.BigIntStats {
    const wanted = wantedMode(path, this.#permissions, { mode: 0, ...DIRECTORY });
    fs.mkdirSync(path, wanted & RWX);
    const status = fs.lstatSync(path, BIGINT);
    this.#usualGroup ??= status.gid;
    const isChanged = this.#setAccess(path, status, {
      wanted,
      chmod: (bits) => fs.chmodSync(path, bits),
      chown: (uid, gid) => fs.lchownSync(path, uid, gid),
    });
    return isChanged ? fs.lstatSync(path, BIGINT) : status;
  }

  /** Creates a symbolic link. @returns its final status */
  symlink(target: string | Buffer, path: string | Buffer): fs.BigIntStats {
    fs.symlinkSync(target, path);
    return this.regroupLink(path, fs.lstatSync(path, BIGINT));
  }

  /**
   * Gives a symbolic link its group. Spack gives links none, and changes that of directories afterwards, so a link does
   * not have the group that its directory passes on.
   *
   * @returns its final status
   */
  regroupLink(path: string | Buffer, status: fs.BigIntStats): fs.BigIntStats {
    if (this.#usualGroup === undefined || status.gid === this.#usualGroup) return status;
    fs.lchownSync(path, Number(status.uid), Number(this.#usualGroup));
    return fs.lstatSync(path, BIGINT);
  }

  /** Dates a directory, once its entries are complete. */
  date(path: string | Buffer, mtime: number): void {
    tolerating(this.#onRefusal, "time", () => fs.utimesSync(path, mtime, mtime));
  }

  #modeOf(path: string | Buffer, mode: number): number {
    return wantedMode(path, this.#permissions, { mode, ...FILE });
  }

  /** Sets mode and group if they differ. @returns whether they did */
  #setAccess(path: string | Buffer, status: fs.BigIntStats, { wanted, chmod, chown }: Access): boolean {
    const found = Number(status.mode) & ALL_BITS;
    if (found !== wanted && !tolerating(this.#onRefusal, "mode", () => chmod(wanted))) {
      // A file system with modes of its own is fine as long as Spack would leave those alone.
      const alternative = wantedMode(path, this.#permissions, status);
      if (alternative !== found) chmod(alternative);
    }
    const { group } = this.#permissions;
    const changesGroup = group !== undefined && BigInt(group) !== status.gid;
    if (changesGroup) chown(Number(status.uid), group);
    return found !== wanted || changesGroup;
  }
}

const BIGINT = { bigint: true } as const;
const FILE = { isDirectory: () => false, isFile: () => true };
const DIRECTORY = { isDirectory: () => true, isFile: () => false };

interface Access {
  readonly wanted: number;
  readonly chmod: (bits: number) => void;
  readonly chown: (uid: number, gid: number) => void;
}
