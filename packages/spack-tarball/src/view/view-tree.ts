// Merges packages into one directory of links, following the rules of Spack's views.

import { compareFileNames } from "@spack-oci/files";
import { isWithin, parentOf } from "../tar/member-name.js";
import type { PackageTree } from "./package-tree.js";

const METADATA_DIRECTORY = ".spack";

/**
 * Links to directories are followed in a prefix and in its immediate subdirectories (Spack:
 * `before_visit_symlinked_dir`).
 */
const MAX_FOLLOWED_LINK_DEPTH = 1;

/** Two packages that both have an entry at one path of the view. */
export interface ViewConflict {
  /** Relative to the view. */
  readonly path: string;
  /** The prefix whose file is in the view. */
  readonly kept: string;
  /** The prefix whose file is not. */
  readonly dropped: string;
}

interface VisitedDirectory {
  /** In the view. */
  readonly path: string;
  /** In the package; differs from `path` if that leads through links. */
  readonly source: string;
  readonly depth: number;
}

/** The content of a view. Paths are relative to it. */
export class ViewTree {
  /** The prefix that added a directory. */
  readonly #directories = new Map<string, string>();
  /** The target of a link, and the prefix that it is in. */
  readonly #links = new Map<string, { readonly target: string; readonly prefix: string }>();

  /**
   * Links the files of a package; existing entries stay.
   *
   * Source: `lib/spack/spack/llnl/util/link_tree.py`, `SourceMergeVisitor`; `lib/spack/spack/filesystem_view.py`,
   * `SimpleFilesystemView`.
   *
   * @returns the files of the package that are not in the view because another package has them, too
   */
  add(tree: PackageTree): ViewConflict[] {
    return this.#addDirectory(tree, { path: "", source: "", depth: 0 });
  }

  /** Directories and links by name; each directory comes before its content. */
  *entries(): Generator<{ readonly path: string; readonly target: string | undefined }, void, undefined> {
    const children = new Map<string, string[]>();
    const sorted = [...this.#directories.keys(), ...this.#links.keys()].sort(compareFileNames);
    for (const path of sorted) {
      const siblings = children.get(parentOf(path)) ?? [];
      siblings.push(path);
      children.set(parentOf(path), siblings);
    }
    const pending = [...(children.get("") ?? [])].reverse();
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      yield { path, target: this.#links.get(path)?.target };
      pending.push(...(children.get(path) ?? []).toReversed());
    }
  }

  #addDirectory(tree: PackageTree, { path, source, depth }: VisitedDirectory): ViewConflict[] {
    return tree.namesIn(source).flatMap((name) => {
      if (name === METADATA_DIRECTORY) return [];
      const place = path === "" ? name : `${path}/${name}`;
      const member = source === "" ? name : `${source}/${name}`;
      const directory = directoryAt(tree, member, depth);
      if (directory === undefined) return this.#addLink(tree.prefix, place);
      const other = this.#links.get(place);
      if (other !== undefined) return [{ path: place, kept: other.prefix, dropped: tree.prefix }];
      if (!this.#directories.has(place)) this.#directories.set(place, tree.prefix);
      return this.#addDirectory(tree, { path: place, source: directory, depth: depth + 1 });
    });
  }

  #addLink(prefix: string, path: string): ViewConflict[] {
    const kept = this.#links.get(path)?.prefix ?? this.#directories.get(path);
    if (kept !== undefined) return [{ path, kept, dropped: prefix }];
    this.#links.set(path, { target: `${prefix}/${path}`, prefix });
    return [];
  }
}

/** The directory that a member is, or links to if such links are followed; undefined for everything else. */
function directoryAt(tree: PackageTree, member: string, depth: number): string | undefined {
  const type = tree.typeOf(member);
  if (type === "directory") return member;
  if (type !== "symlink" || depth > MAX_FOLLOWED_LINK_DEPTH) return undefined;
  const real = tree.resolve(member);
  const leadsDown = real !== undefined && isBelow(real, parentOf(member));
  return leadsDown && tree.typeOf(real) === "directory" ? real : undefined;
}

function isBelow(path: string, directory: string): boolean {
  return directory === "" || isWithin(path, directory);
}
