// Walks a directory tree in Spack's order, and decides with a visitor which directories to enter.

import {
  compareFileNames,
  type DirectoryEntry,
  decodeFileName,
  fileSystemPath,
  listDirectory,
  stat,
} from "@spack-oci/files";
import { joinPath } from "./python-paths.js";

/** An entry of a tree. */
export interface VisitedEntry {
  /** Absolute path of the tree. */
  readonly root: string;
  /** Relative to the tree. */
  readonly path: string;
  /** Number of directories between the tree and the entry. */
  readonly depth: number;
  readonly isLink: boolean;
}

/** Methods that return whether to enter a directory. */
export interface DirectoryVisitor {
  enterDirectory(entry: VisitedEntry): boolean | Promise<boolean>;
  /** For a symbolic link to a directory. */
  enterLinkedDirectory(entry: VisitedEntry): boolean | Promise<boolean>;
  visitFile(entry: VisitedEntry): void | Promise<void>;
}

/**
 * Visits everything below `root`: names in order, the content of a directory right after it.
 *
 * Source: `llnl/util/filesystem.py`, `visit_directory_tree`. A link whose target cannot be examined counts as a file;
 * Spack stops there, unless the target does not exist.
 *
 * @throws Error of the file system
 */
export async function visitDirectory(
  root: string,
  visitor: DirectoryVisitor,
  { path, depth }: { readonly path: string; readonly depth: number } = { path: "", depth: 0 },
): Promise<void> {
  const directory = joinPath(root, path);
  const entries = await listDirectory(fileSystemPath(directory), (name, entry) => ({
    name: decodeFileName(name),
    type: typeOf(entry),
  }));
  for (const { name, type } of entries.sort((left, right) => compareFileNames(left.name, right.name))) {
    const isLink = type === "link";
    const entry = { root, path: joinPath(path, name), depth, isLink };
    if (isLink && (await isDirectory(joinPath(directory, name)))) {
      if (!(await visitor.enterLinkedDirectory(entry))) continue;
    } else if (type === "directory") {
      if (!(await visitor.enterDirectory(entry))) continue;
    } else {
      await visitor.visitFile(entry);
      continue;
    }
    await visitDirectory(root, visitor, { path: entry.path, depth: depth + 1 });
  }
}

function typeOf(entry: DirectoryEntry): "link" | "directory" | "file" {
  if (entry.isSymbolicLink()) return "link";
  return entry.isDirectory() ? "directory" : "file";
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(fileSystemPath(path))).isDirectory();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "ENAMETOOLONG"].includes(code)) return false;
    throw error;
  }
}
