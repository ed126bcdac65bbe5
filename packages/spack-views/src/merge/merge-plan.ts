// Collects the directories and links that a view needs, and where its packages conflict.

import { decodeFileName, fileSystemPath, realpath, stat } from "@spack-oci/files";
import type { MergeConflict } from "./merge-conflict.js";
import { joinPath } from "./python-paths.js";
import { type DirectoryVisitor, type VisitedEntry, visitDirectory } from "./visit-directory.js";

/** Links to directories are followed at this depth at most, or they could multiply the files of a view. */
const MAX_FOLLOWED_DEPTH = 1;

/** What the entries of a tree become directories of, if no package has them. */
const PROJECTION = "<projection>";

/** A path of the view, and what is there. */
export interface PlannedEntry {
  /** Relative to the view. */
  readonly path: string;
  /** The tree that it comes from. */
  readonly source: string;
  /** Relative to that tree. */
  readonly sourcePath: string;
}

/** How trees are merged. */
export interface MergeOptions {
  /** Whether to leave out an entry, by its path in its tree. */
  readonly isIgnored?: (path: string) => boolean;
  /** Whether names that differ only in case are the same. */
  readonly ignoresCase?: boolean;
}

/**
 * Merges trees in order. A file that is in two of them is a file conflict, and the first one stays; a file in one that
 * is a directory in the other is a fatal conflict. Neither is a conflict if both are the same file, because one links
 * to the other.
 *
 * Source: `llnl/util/link_tree.py`, `SourceMergeVisitor`.
 */
export class MergePlan implements DirectoryVisitor {
  readonly #isIgnored: (path: string) => boolean;
  readonly #keyOf: (path: string) => string;
  readonly #directories = new Map<string, PlannedEntry>();
  readonly #files = new Map<string, PlannedEntry>();
  #projection = "";
  readonly fileConflicts: MergeConflict[] = [];
  readonly fatalConflicts: MergeConflict[] = [];

  constructor({ isIgnored = () => false, ignoresCase = false }: MergeOptions = {}) {
    this.#isIgnored = isIgnored;
    this.#keyOf = ignoresCase ? (path) => path.toLowerCase() : (path) => path;
  }

  /** Each before its content. */
  get directories(): Iterable<PlannedEntry> {
    return this.#directories.values();
  }

  /** Those of each tree one after the other. */
  get files(): Iterable<PlannedEntry> {
    return this.#files.values();
  }

  /**
   * Adds a tree.
   *
   * @param projection normalized path in the view that the tree is below; empty for the view itself
   * @throws Error of the file system
   */
  async add(tree: string, projection: string): Promise<void> {
    this.#project(projection);
    await visitDirectory(tree, this);
  }

  directoryAt(path: string): PlannedEntry | undefined {
    return this.#directories.get(this.#keyOf(path));
  }

  fileAt(path: string): PlannedEntry | undefined {
    return this.#files.get(this.#keyOf(path));
  }

  /** Leaves out a directory that already exists. */
  omitDirectory(path: string): void {
    this.#directories.delete(this.#keyOf(path));
  }

  async enterDirectory({ root, path }: VisitedEntry): Promise<boolean> {
    if (this.#isIgnored(path)) return false;
    const place = joinPath(this.#projection, path);
    const file = this.fileAt(place);
    if (file !== undefined) {
      const [first, second] = [sourceOf(file), joinPath(root, path)];
      if (!(await isSameFile(first, second))) {
        this.fatalConflicts.push({ path: place, first, second });
        return false;
      }
      // The directory replaces a link to it.
      this.#files.delete(this.#keyOf(place));
    }
    if (this.directoryAt(place) === undefined) this.#addDirectory(place, root, path);
    return true;
  }

  async enterLinkedDirectory(entry: VisitedEntry): Promise<boolean> {
    if (this.#isIgnored(entry.path)) return false;
    if (entry.depth <= MAX_FOLLOWED_DEPTH && (await leadsDown(joinPath(entry.root, entry.path))))
      return this.enterDirectory(entry);
    await this.visitFile(entry);
    return false;
  }

  async visitFile({ root, path, isLink }: VisitedEntry): Promise<void> {
    if (this.#isIgnored(path)) return;
    const place = joinPath(this.#projection, path);
    const second = joinPath(root, path);
    const directory = this.directoryAt(place);
    if (directory !== undefined) {
      const first = sourceOf(directory);
      // A link to the directory is left out in favor of the directory.
      if (!isLink || !(await isSameFile(first, second)))
        this.fatalConflicts.push({ path: place, first, second });
      return;
    }
    const file = this.fileAt(place);
    if (file !== undefined) {
      const first = sourceOf(file);
      if (!(await isSameFile(first, second))) {
        this.fileConflicts.push({ path: place, first, second });
        return;
      }
      if (isLink) return;
      // The file replaces a link to it, or a copy would hold the link. Deleting first moves it to the files of its
      // tree.
      this.#files.delete(this.#keyOf(place));
    }
    this.#files.set(this.#keyOf(place), { path: place, source: root, sourcePath: path });
  }

  #project(projection: string): void {
    this.#projection = projection;
    if (projection === "") return;
    let path = "";
    for (const part of projection.split("/")) {
      path = joinPath(path, part);
      const file = this.fileAt(path);
      if (file === undefined) this.#addDirectory(path, PROJECTION, path);
      else this.fatalConflicts.push({ path, first: sourceOf(file), second: joinPath(PROJECTION, path) });
    }
  }

  #addDirectory(path: string, source: string, sourcePath: string): void {
    this.#directories.set(this.#keyOf(path), { path, source, sourcePath });
  }
}

/** Absolute path of the source of an entry. */
export function sourceOf({ source, sourcePath }: PlannedEntry): string {
  return joinPath(source, sourcePath);
}

/** Whether a link leads to something below its own directory; compares as text, as Spack does. */
async function leadsDown(link: string): Promise<boolean> {
  const parent = link.slice(0, link.lastIndexOf("/"));
  const [real, above] = await Promise.all([realPath(link), realPath(parent)]);
  return real.startsWith(above);
}

async function realPath(path: string): Promise<string> {
  return decodeFileName(await realpath(fileSystemPath(path), "buffer"));
}

/** Python: `os.path.samefile`, which follows links; false if one does not exist. */
async function isSameFile(first: string, second: string): Promise<boolean> {
  const [one, other] = await Promise.all([identityOf(first), identityOf(second)]);
  return one !== undefined && one === other;
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(fileSystemPath(path), { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    // Spack counts every failure as a different file.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
