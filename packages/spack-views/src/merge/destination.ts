// Compares a merge plan with what a directory already contains.

import { type MergePlan, sourceOf } from "./merge-plan.js";
import { joinPath } from "./python-paths.js";
import { type DirectoryVisitor, type VisitedEntry, visitDirectory } from "./visit-directory.js";

/**
 * Omits planned directories that exist, and adds a fatal conflict for everything else that is in the way. Links to
 * directories are in the way of directories.
 *
 * Source: `llnl/util/link_tree.py`, `DestinationMergeVisitor`.
 *
 * @throws Error of the file system
 */
export async function compareWithDestination(root: string, plan: MergePlan): Promise<void> {
  await visitDirectory(root, new Destination(plan));
}

class Destination implements DirectoryVisitor {
  readonly #plan: MergePlan;

  constructor(plan: MergePlan) {
    this.#plan = plan;
  }

  enterDirectory({ root, path }: VisitedEntry): boolean {
    const file = this.#plan.fileAt(path);
    if (file !== undefined) {
      this.#plan.fatalConflicts.push({ path, first: sourceOf(file), second: joinPath(root, path) });
      return false;
    }
    const directory = this.#plan.directoryAt(path);
    if (directory === undefined) return false;
    this.#plan.omitDirectory(directory.path);
    return true;
  }

  enterLinkedDirectory(entry: VisitedEntry): boolean {
    this.visitFile(entry);
    return false;
  }

  visitFile({ root, path }: VisitedEntry): void {
    const planned = this.#plan.directoryAt(path) ?? this.#plan.fileAt(path);
    if (planned === undefined) return;
    this.#plan.fatalConflicts.push({ path, first: sourceOf(planned), second: joinPath(root, path) });
  }
}
