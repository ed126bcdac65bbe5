// Lists the tree of a package as `spack view` sees it.

import { fileSystemPath, readlink } from "@spack-oci/files";
import { joinPath } from "../merge/python-paths.js";
import { type DirectoryVisitor, type VisitedEntry, visitDirectory } from "../merge/visit-directory.js";

/** An entry of a tree; a link to a directory counts as an empty directory. */
export interface TreeEntry {
  /** Relative to the tree; empty for the tree itself. */
  readonly path: string;
  readonly isDirectory: boolean;
}

/**
 * The tree itself, then everything below it, each directory before its content.
 *
 * Source: `llnl/util/filesystem.py`, `traverse_tree`, with `os.path.isdir` of `llnl/util/link_tree.py`.
 *
 * @param hidden the name of an entry to leave out, with all links whose target begins with it
 * @throws Error of the file system
 */
export async function listTree(root: string, hidden?: string): Promise<readonly TreeEntry[]> {
  const lister = new Lister(hidden);
  await visitDirectory(root, lister);
  return lister.entries;
}

class Lister implements DirectoryVisitor {
  readonly entries: TreeEntry[] = [{ path: "", isDirectory: true }];
  readonly #hidden: string | undefined;

  constructor(hidden: string | undefined) {
    this.#hidden = hidden;
  }

  enterDirectory({ path }: VisitedEntry): boolean {
    if (path === this.#hidden) return false;
    this.entries.push({ path, isDirectory: true });
    return true;
  }

  async enterLinkedDirectory(entry: VisitedEntry): Promise<boolean> {
    if (!(await this.#isHidden(entry))) this.entries.push({ path: entry.path, isDirectory: true });
    return false;
  }

  async visitFile(entry: VisitedEntry): Promise<void> {
    if (!(await this.#isHidden(entry))) this.entries.push({ path: entry.path, isDirectory: false });
  }

  async #isHidden({ root, path, isLink }: VisitedEntry): Promise<boolean> {
    if (this.#hidden === undefined) return false;
    if (path === this.#hidden) return true;
    if (!isLink) return false;
    const target = await readlink(fileSystemPath(joinPath(root, path)), { encoding: "buffer" });
    return target.toString("latin1").replace(/^\/+/, "").split("/")[0] === this.#hidden;
  }
}
