// A directory tree that is being written. Nothing can be written outside of it, because every directory in it was made
// here.

import { rm } from "node:fs/promises";
import {
  chmod,
  encodeFileName,
  fileSystemPath,
  link,
  lstat,
  mkdir,
  type OnRefusal,
  openFile,
  rename,
  setAttribute,
  symlink,
  unlink,
  utimes,
} from "@spack-oci/files";
import { writeFully } from "../binary-io/write-fully.js";
import { MAX_INNER_PATH_LENGTH, MAX_PATH_LENGTH, MAX_RENAME_GROWTH } from "../tar/limits.js";
import { escapes, isWithin, parentOf } from "../tar/member-name.js";
import type { KeptNames } from "./kept-names.js";
import { malformed, tooLong } from "./staging-errors.js";

const DIRECTORY_MODE = 0o755;

/** The attributes of a member that its file gets. */
interface FileAttributes {
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/** What a tree needs besides its place. */
interface TreeOptions {
  readonly names: KeptNames;
  /** Takes what the file system refuses; without it a refusal is an error. */
  readonly onRefusal?: OnRefusal | undefined;
}

/**
 * Takes members by their names in the archive, of which one, the anchor, stands for the root of the tree. Missing
 * parents are created.
 */
export class StagingTree {
  readonly #root: string;
  readonly #names: KeptNames;
  readonly #onRefusal: OnRefusal | undefined;
  /** The member name that the root stands for. */
  #anchor: string | undefined;
  /** Directories that were made here; no path may pass through anything else. */
  readonly #directories = new Set<string>();
  /** Bytes of the longest name that has a place in the tree. */
  #longestName = 0;

  /** @param root absolute path of a directory that does not exist yet */
  constructor(root: string, { names, onRefusal }: TreeOptions) {
    this.#root = root;
    this.#names = names;
    this.#onRefusal = onRefusal;
  }

  /**
   * Makes the root stand for `anchor`, which is above the previous one.
   *
   * @throws SpackOciError `ERR_TAR_MALFORMED` or `ERR_PATH_TOO_LONG` if an existing path would become too long to be
   *   removed
   */
  async reroot(anchor: string): Promise<void> {
    const before = this.#anchor;
    this.#anchor = anchor;
    if (before === undefined) {
      await mkdir(fileSystemPath(this.#root), { recursive: false });
      this.#directories.add(anchor);
      return;
    }
    this.#requireShort(anchor, this.#longestName);
    const aside = `${this.#root}.rerooted`;
    try {
      await this.#descend(before, fileSystemPath(aside));
    } catch (error) {
      // The caller removes only the root.
      await rm(fileSystemPath(aside), { recursive: true, force: true });
      throw codeOf(error) === "ENAMETOOLONG" ? tooLong(before, error) : error;
    }
  }

  /** Moves the existing tree, which was that of `before`, to its place below the new root, by way of `aside`. */
  async #descend(before: string, aside: string | Buffer): Promise<void> {
    await rename(fileSystemPath(this.#root), aside);
    await mkdir(fileSystemPath(this.#root));
    this.#directories.add(this.#anchor ?? "");
    await this.directory(parentOf(before));
    await rename(aside, this.#place(before));
  }

  async directory(name: string): Promise<void> {
    if (this.#directories.has(name)) return;
    const place = this.#place(name);
    await this.directory(parentOf(name));
    try {
      await mkdir(place, { mode: DIRECTORY_MODE });
    } catch (error) {
      // Something else has this path: a link or a file.
      if (codeOf(error) === "EEXIST") throw escapes(name, error);
      throw codeOf(error) === "ENAMETOOLONG" ? tooLong(name, error) : error;
    }
    this.#names.add(name);
    this.#directories.add(name);
  }

  async file(
    name: string,
    attributes: FileAttributes,
    content: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<void> {
    const file = await this.#create(name, (place) => openFile(place, "wx", attributes.mode));
    try {
      let position = 0;
      for await (const chunk of content) {
        await writeFully(file, chunk, position);
        position += chunk.length;
      }
      const { mode, mtime } = attributes;
      await this.#set("mode", () => file.chmod(mode));
      await this.#set("time", () => file.utimes(mtime, mtime));
    } finally {
      await file.close();
    }
  }

  /** @param target name of a file that is already in the tree */
  async hardlink(name: string, target: string): Promise<void> {
    if (!this.#directories.has(parentOf(target))) throw escapes(target);
    try {
      const stat = await lstat(this.#place(target));
      if (!stat.isFile()) throw escapes(target);
      await this.#create(name, (place) => link(this.#place(target), place));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      throw malformed(name, `links ${name} to ${target}, which does not come before it`, error);
    }
  }

  async symlink(name: string, target: string): Promise<void> {
    if (target === "" || target.includes("\0"))
      throw malformed(name, `has a link ${name} with an invalid target`);
    await this.#create(name, (place) => symlink(encodeFileName(target), place));
  }

  /** Sets the modes and times of the directories; every other entry has those of its member already. */
  async finish(): Promise<void> {
    for (const name of [...this.#directories].sort((left, right) => right.length - left.length)) {
      const place = this.#place(name);
      await this.#set("mode", () => chmod(place, DIRECTORY_MODE));
      await this.#set("time", () => utimes(place, 0, 0));
    }
  }

  #set(attribute: "mode" | "time", set: () => Promise<void>): Promise<void> {
    return setAttribute(attribute, set, this.#onRefusal);
  }

  /** Creates the parents of a member, then something at its path. A later member replaces an earlier one. */
  async #create<T>(name: string, make: (place: string | Buffer) => Promise<T>): Promise<T> {
    const place = this.#place(name);
    await this.directory(parentOf(name));
    if (this.#directories.has(name)) throw escapes(name);
    try {
      return await make(place);
    } catch (error) {
      if (codeOf(error) === "ENAMETOOLONG") throw tooLong(name, error);
      if (codeOf(error) !== "EEXIST") throw error;
      await unlink(place);
      return await make(place);
    }
  }

  /** @throws SpackOciError `ERR_LAYER_ESCAPES`, `ERR_TAR_MALFORMED`, `ERR_PATH_TOO_LONG` */
  #place(name: string): string | Buffer {
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

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
