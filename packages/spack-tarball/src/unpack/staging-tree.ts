// A tree that is being written, and that nothing can be written out of: every directory in it was made here.

import { chmod, link, lstat, mkdir, open, rename, symlink, unlink, utimes } from "node:fs/promises";
import { SpackOciError } from "@spack-oci/errors";
import { writeFully } from "../files/write-fully.js";
import { encodeFileName, fileSystemPath } from "../names/file-name.js";
import { escapes, parentOf } from "./member-name.js";

const DIRECTORY_MODE = 0o755;

/** What is kept of a member's header. */
interface FileAttributes {
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/** Paths are relative to the tree's root; `""` is the root. A path's parents are made where they are missing. */
export class StagingTree {
  readonly #root: string;
  /** The member name that the root stands for. */
  #anchor: string | undefined;
  /** Directories made here; no path may pass through anything else. */
  #directories = new Set<string>();

  /** @param root absolute path of a directory that does not exist yet */
  constructor(root: string) {
    this.#root = root;
  }

  /** Makes the root stand for `anchor`, which is above what it stood for so far. */
  async reroot(anchor: string): Promise<void> {
    const before = this.#anchor;
    this.#anchor = anchor;
    if (before === undefined) {
      await mkdir(fileSystemPath(this.#root), { recursive: false });
      this.#directories.add("");
      return;
    }
    const descent = before.slice(anchor.length + 1);
    const aside = fileSystemPath(`${this.#root}.rerooted`);
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
      // Something that is no directory of ours is there: a link or a file.
      throw escapes(path, error);
    }
    this.#directories.add(path);
  }

  async file(
    path: string,
    attributes: FileAttributes,
    content: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<void> {
    const place = await this.#clear(path);
    const file = await open(place, "wx", attributes.mode);
    try {
      let position = 0;
      for await (const chunk of content) {
        await writeFully(file, chunk, position);
        position += chunk.length;
      }
      await file.chmod(attributes.mode);
      await file.utimes(attributes.mtime, attributes.mtime);
    } finally {
      await file.close();
    }
  }

  /** @param target path of a file that is in the tree already */
  async hardlink(path: string, target: string): Promise<void> {
    const place = await this.#clear(path);
    if (!this.#directories.has(parentOf(target))) throw escapes(target);
    try {
      const stat = await lstat(this.#place(target));
      if (!stat.isFile()) throw escapes(target);
      await link(this.#place(target), place);
    } catch (error) {
      if (error instanceof SpackOciError) throw error;
      throw new SpackOciError(
        "ERR_TAR_MALFORMED",
        `The layer links ${path} to ${target}, which it has not listed.`,
        {
          kind: "corrupt",
          place: path,
          cause: error,
        },
      );
    }
  }

  async symlink(path: string, target: string): Promise<void> {
    await symlink(encodeFileName(target), await this.#clear(path));
  }

  async replaceSymlink(path: string, target: string): Promise<void> {
    await this.symlink(path, target === "" ? "." : target);
  }

  /** Gives the directories the time that everything else in a layer has. */
  async finish(): Promise<void> {
    for (const path of [...this.#directories].sort((left, right) => right.length - left.length)) {
      await chmod(this.#place(path), DIRECTORY_MODE);
      await utimes(this.#place(path), 0, 0);
    }
  }

  /** Where a member goes: its parents exist, and nothing is there any more (a later member replaces an earlier one). */
  async #clear(path: string): Promise<string | Buffer> {
    await this.directory(parentOf(path));
    if (path === "" || this.#directories.has(path)) throw escapes(path);
    const place = this.#place(path);
    try {
      await unlink(place);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    return place;
  }

  #place(path: string): string | Buffer {
    return fileSystemPath(path === "" ? this.#root : `${this.#root}/${path}`);
  }
}
