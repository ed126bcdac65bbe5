// Opens files that a layer's build info lists, and never anything outside of the prefix.

import { constants } from "node:fs";
import { SpackOciError } from "@spack-oci/errors";
import { fileSystemPath, type OpenFile, openFile, readlink, realpath } from "@spack-oci/files";
import { escapesPrefix, unusable } from "./listed-errors.js";

/** A file that is open for reading and writing, and its path. */
export interface OpenedFile {
  readonly file: OpenFile;
  readonly path: string;
}

/** Resolves listed paths below one prefix. */
export class ListedFiles {
  readonly #prefix: string;
  readonly #checked = new Map<string, Promise<void>>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * The absolute path of a listed file.
   *
   * @throws SpackOciError `ERR_LIST_ESCAPES` if the path leaves the prefix, directly or through a link
   */
  async resolve(listed: string): Promise<string> {
    const components = listed.split("/");
    if (components.some((component) => component === "" || component === "..")) throw escapesPrefix(listed);
    const directory = components.slice(0, -1).join("/");
    let check = this.#checked.get(directory);
    if (check === undefined) {
      check = this.#requireRealDirectory(directory, listed);
      this.#checked.set(directory, check);
    }
    await check;
    return `${this.#prefix}/${listed}`;
  }

  /** Opens a listed file, never through a symbolic link. */
  async open(listed: string): Promise<OpenedFile> {
    const path = await this.resolve(listed);
    try {
      const file = await openFile(fileSystemPath(path), constants.O_RDWR | constants.O_NOFOLLOW);
      return { file, path };
    } catch (error) {
      throw unusable(listed, "which cannot be opened", error);
    }
  }

  /** The target of a listed symbolic link. */
  async readLink(listed: string): Promise<Buffer> {
    const path = fileSystemPath(await this.resolve(listed));
    try {
      return await readlink(path, { encoding: "buffer" });
    } catch (error) {
      throw unusable(listed, "which is not a link", error);
    }
  }

  async #requireRealDirectory(directory: string, listed: string): Promise<void> {
    const place = directory === "" ? this.#prefix : `${this.#prefix}/${directory}`;
    try {
      const root = await realpath(fileSystemPath(this.#prefix), "buffer");
      const real = await realpath(fileSystemPath(place), "buffer");
      const expected = Buffer.concat([root, Buffer.from(real.subarray(root.length))]);
      const inside = real.length === root.length || real[root.length] === 0x2f;
      if (!inside || !expected.equals(real)) throw escapesPrefix(listed);
    } catch (error) {
      if (error instanceof SpackOciError) throw error;
      throw unusable(listed, "which it does not contain", error);
    }
  }
}
