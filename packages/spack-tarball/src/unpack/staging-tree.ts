// A directory tree that is being written. Nothing can be written outside of it, because every directory in it was made here.

import { rm } from "node:fs/promises";
import { SpackOciError } from "@spack-oci/errors";
import {
  chmod,
  encodeFileName,
  fileSystemPath,
  link,
  lstat,
  mkdir,
  openFile,
  rename,
  symlink,
  unlink,
  utimes,
} from "@spack-oci/files";
import { writeFully } from "../binary-io/exact-io.js";
import { escapes, parentOf } from "../tar/member-name.js";
import { type OnRefusal, setAttribute } from "./refusals.js";

const DIRECTORY_MODE = 0o755;

/** The attributes of a member that its file gets. */
interface FileAttributes {
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/** Paths are relative to the root of the tree; `""` is the root. Missing parents of a path are created. */
export class StagingTree {
  readonly #root: string;
  readonly #onRefusal: OnRefusal | undefined;
  /** The member name that the root stands for. */
  #anchor: string | undefined;
  /** Directories that were made here; no path may pass through anything else. */
  #directories = new Set<string>();

  /**
   * @param root absolute path of a directory that does not exist yet
   * @param onRefusal takes what the file system refuses; without it a refusal is an error
   */
  constructor(root: string, onRefusal?: OnRefusal) {
    this.#root = root;
    this.#onRefusal = onRefusal;
  }

  /** Makes the root stand for `anchor`, which is above the previous one. */
  async reroot(anchor: string): Promise<void> {
    const before = this.#anchor;
    this.#anchor = anchor;
    if (before === undefined) {
      await mkdir(fileSystemPath(this.#root), { recursive: false });
      this.#directories.add("");
      return;
    }
    const descent = before.slice(anchor.length + 1);
    const aside = `${this.#root}.rerooted`;
    try {
      await this.#descend(descent, fileSystemPath(aside));
    } catch (error) {
      // The caller removes only the root.
      await rm(fileSystemPath(aside), { recursive: true, force: true });
      throw error;
    }
  }

  /** Moves the existing tree below `descent`, by way of `aside`. */
  async #descend(descent: string, aside: string | Buffer): Promise<void> {
    await rename(fileSystemPath(this.#root), aside);
    const directories = this.#directories;
    this.#directories = new Set([""]);
    await mkdir(fileSystemPath(this.#root));
    await this.directory(parentOf(descent));
    await rename(aside, this.#place(descent));
    for (const path of directories) this.#directories.add(path === "" ? descent : `${descent}/${path}`);
  }

  async directory(path: string): Promise<void> {
    if (this.#directories.has(path)) return;
    await this.directory(parentOf(path));
    try {
      await mkdir(this.#place(path), { mode: DIRECTORY_MODE });
    } catch (error) {
      // Something else has this path: a link or a file.
      throw codeOf(error) === "EEXIST" ? escapes(path, error) : error;
    }
    this.#directories.add(path);
  }

  async file(
    path: string,
    attributes: FileAttributes,
    content: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<void> {
    const file = await this.#create(path, (place) => openFile(place, "wx", attributes.mode));
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

  /** @param target path of a file that is already in the tree */
  async hardlink(path: string, target: string): Promise<void> {
    if (!this.#directories.has(parentOf(target))) throw escapes(target);
    try {
      const stat = await lstat(this.#place(target));
      if (!stat.isFile()) throw escapes(target);
      await this.#create(path, (place) => link(this.#place(target), place));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      throw malformed(path, `links ${path} to ${target}, which does not come before it`, error);
    }
  }

  async symlink(path: string, target: string): Promise<void> {
    if (target === "" || target.includes("\0"))
      throw malformed(path, `has a link ${path} with an invalid target`);
    await this.#create(path, (place) => symlink(encodeFileName(target), place));
  }

  /** Sets the modes and times of the directories; every other entry has those of its member already. */
  async finish(): Promise<void> {
    for (const path of [...this.#directories].sort((left, right) => right.length - left.length)) {
      const place = this.#place(path);
      await this.#set("mode", () => chmod(place, DIRECTORY_MODE));
      await this.#set("time", () => utimes(place, 0, 0));
    }
  }

  #set(attribute: "mode" | "time", set: () => Promise<void>): Promise<void> {
    return setAttribute(attribute, set, this.#onRefusal);
  }

  /** Creates the parents of a path, then something at the path. A later member replaces an earlier one. */
  async #create<T>(path: string, make: (place: string | Buffer) => Promise<T>): Promise<T> {
    await this.directory(parentOf(path));
    if (path === "" || this.#directories.has(path)) throw escapes(path);
    const place = this.#place(path);
    try {
      return await make(place);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      await unlink(place);
      return await make(place);
    }
  }

  #place(path: string): string | Buffer {
    return fileSystemPath(path === "" ? this.#root : `${this.#root}/${path}`);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function malformed(path: string, what: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_TAR_MALFORMED", `The layer ${what}.`, {
    kind: "corrupt",
    place: path,
    cause,
  });
}
