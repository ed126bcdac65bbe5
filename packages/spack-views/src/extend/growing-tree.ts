// A directory as it will be once planned entries are added to it, so that conflicts show before anything is written.

import { fileSystemPath, listDirectory, stat } from "@spack-oci/files";
import { lstatIfAny } from "../merge/lstat-if-any.js";
import { joinPath, parentOf } from "../merge/python-paths.js";

/** What is at a path: a link to a directory counts as one. */
export type EntryKind = "directory" | "file";

export class GrowingTree {
  readonly #root: string;
  readonly #planned = new Map<string, EntryKind>();
  /** Directories that planned entries are in. */
  readonly #occupied = new Set<string>();

  /** @param root absolute path of the directory, which may not exist yet */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * @param path relative to the root; empty for the root
   * @throws Error of the file system
   */
  async kindOf(path: string): Promise<EntryKind | undefined> {
    return this.#planned.get(path) ?? kindOnDisk(joinPath(this.#root, path));
  }

  /** Whether a directory has no entries; `path` must be one. */
  async isEmpty(path: string): Promise<boolean> {
    if (this.#occupied.has(path)) return false;
    if (this.#planned.has(path)) return true;
    return (await listDirectory(fileSystemPath(joinPath(this.#root, path)), () => true)).length === 0;
  }

  add(path: string, kind: EntryKind): void {
    this.#planned.set(path, kind);
    if (path !== "") this.#occupied.add(parentOf(path));
  }
}

async function kindOnDisk(path: string): Promise<EntryKind | undefined> {
  if ((await lstatIfAny(path)) === undefined) return undefined;
  try {
    return (await stat(fileSystemPath(path))).isDirectory() ? "directory" : "file";
  } catch (error) {
    // A link that leads nowhere is in the way, too.
    if (!["ENOENT", "ENOTDIR", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return "file";
  }
}
