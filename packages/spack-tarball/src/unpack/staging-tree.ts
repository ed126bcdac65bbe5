// Finds places for the members of a layer in a directory. Nothing can be written outside of it, because every directory
// in it was made here.

import { lstatSync, renameSync, rmSync, unlinkSync } from "node:fs";
import { fileSystemPath } from "@spack-oci/files";
import { MAX_INNER_PATH_LENGTH, MAX_PATH_LENGTH, MAX_RENAME_GROWTH } from "../tar/limits.js";
import { escapes, isWithin, parentOf } from "../tar/member-name.js";
import type { TarHeader } from "../tar/tar-entry.js";
import type { EntryContent, EntryPlace, EntryWriter } from "./entry-writer.js";
import type { KeptNames } from "./kept-names.js";
import { malformed, tooLong } from "./staging-errors.js";

/** What a tree needs besides its place. */
interface TreeOptions {
  readonly names: KeptNames;
  /** Creates the entries. */
  readonly writer: EntryWriter;
}

/**
 * Takes members by their names in the archive, of which one, the anchor, stands for the root of the tree. Missing
 * parents are created. It works synchronously, because a promise for each step would take several times as long.
 */
export class StagingTree {
  readonly #root: string;
  readonly #names: KeptNames;
  readonly #writer: EntryWriter;
  /** The member name that the root stands for. */
  #anchor: string | undefined;
  /** Directories that were made here; no path may pass through anything else. */
  readonly #directories = new Set<string>();
  /** Bytes of the longest name that has a place in the tree. */
  #longestName = 0;

  /** @param root absolute path of a directory that does not exist yet */
  constructor(root: string, { names, writer }: TreeOptions) {
    this.#root = root;
    this.#names = names;
    this.#writer = writer;
  }

  /**
   * Makes the root stand for `anchor`, which is above the previous one.
   *
   * @throws SpackOciError `ERR_TAR_MALFORMED` or `ERR_PATH_TOO_LONG` if an existing path would become too long to be
   *   removed
   */
  reroot(anchor: string): void {
    const before = this.#anchor;
    this.#anchor = anchor;
    if (before === undefined) {
      this.#make(anchor, fileSystemPath(this.#root));
      return;
    }
    this.#requireShort(anchor, this.#longestName);
    const aside = `${this.#root}.rerooted`;
    try {
      this.#descend(before, fileSystemPath(aside));
    } catch (error) {
      // The caller removes only the root.
      rmSync(fileSystemPath(aside), { recursive: true, force: true });
      throw codeOf(error) === "ENAMETOOLONG" ? tooLong(before, error) : error;
    }
  }

  /** Moves the existing tree, which was that of `before`, to its place below the new root, by way of `aside`. */
  #descend(before: string, aside: string | Buffer): void {
    renameSync(fileSystemPath(this.#root), aside);
    this.#make(this.#anchor ?? "", fileSystemPath(this.#root));
    this.directory(parentOf(before));
    renameSync(aside, this.#pathOf(before));
  }

  directory(name: string): void {
    if (this.#directories.has(name)) return;
    const path = this.#pathOf(name);
    this.directory(parentOf(name));
    try {
      this.#make(name, path);
    } catch (error) {
      // Something else has this path: a link or a file.
      if (codeOf(error) === "EEXIST") throw escapes(name, error);
      throw codeOf(error) === "ENAMETOOLONG" ? tooLong(name, error) : error;
    }
    this.#names.add(name);
  }

  async file(name: string, header: TarHeader, content: EntryContent): Promise<void> {
    await this.#writer.file(this.#place(name), header, content);
  }

  /** @param target name of a file that is already in the tree */
  hardlink(name: string, target: string): void {
    if (!this.#directories.has(parentOf(target))) throw escapes(target);
    const path = this.#pathOf(target);
    try {
      if (!lstatSync(path).isFile()) throw escapes(target);
      if (target === name) throw notBefore(name, target);
      this.#writer.hardlink(this.#place(name), { name: target, path });
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      throw notBefore(name, target, error);
    }
  }

  symlink(name: string, target: string): void {
    if (target === "" || target.includes("\0"))
      throw malformed(name, `has a link ${name} with an invalid target`);
    this.#writer.symlink(this.#place(name), target);
  }

  /** Calls a function with the path of each directory, from the deepest to the root. */
  eachDirectory(see: (path: string | Buffer) => void): void {
    const names = [...this.#directories].sort((left, right) => right.length - left.length);
    for (const name of names) see(this.#pathOf(name));
  }

  #make(name: string, path: string | Buffer): void {
    this.#writer.directory({ name, path });
    this.#directories.add(name);
  }

  /** Creates the parents of a member. A later member replaces an earlier one. */
  #place(name: string): EntryPlace {
    const path = this.#pathOf(name);
    this.directory(parentOf(name));
    if (this.#directories.has(name)) throw escapes(name);
    return { name, path, create: (make) => created(name, path, make) };
  }

  /** @throws SpackOciError `ERR_LAYER_ESCAPES`, `ERR_TAR_MALFORMED`, `ERR_PATH_TOO_LONG` */
  #pathOf(name: string): string | Buffer {
    const anchor = this.#anchor;
    if (anchor === undefined || !isWithin(name, anchor)) throw escapes(name);
    const length = Buffer.byteLength(name);
    this.#requireShort(anchor, length);
    this.#longestName = Math.max(this.#longestName, length);
    return fileSystemPath(this.#root + name.slice(anchor.length));
  }

  /** Nothing is made that could not be reached, or removed, once the root has another name. */
  #requireShort(anchor: string, nameLength: number): void {
    const length = nameLength - Buffer.byteLength(anchor);
    if (length > MAX_INNER_PATH_LENGTH)
      throw malformed(anchor, `has a path of more than ${MAX_INNER_PATH_LENGTH} bytes`);
    if (Buffer.byteLength(this.#root) + length + MAX_RENAME_GROWTH > MAX_PATH_LENGTH)
      throw tooLong(this.#root);
  }
}

function notBefore(name: string, target: string, cause?: unknown): Error {
  return malformed(name, `links ${name} to ${target}, which does not come before it`, cause);
}

function created<T>(name: string, path: string | Buffer, make: (path: string | Buffer) => T): T {
  try {
    return make(path);
  } catch (error) {
    if (codeOf(error) === "ENAMETOOLONG") throw tooLong(name, error);
    if (codeOf(error) !== "EEXIST") throw error;
    unlinkSync(path);
    return make(path);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
