// Relocates a package in memory, by the rules of relocatePrefix.

import {
  decodeFileName,
  encodeFileName,
  type MemoryTree,
  type MemoryTreeEntry,
  type MemoryTreeFile,
} from "@spack-oci/files";
import type { BuildInfo } from "../build-info/build-info.js";
import { findListed } from "./listed-entries.js";
import { unusable } from "./listed-errors.js";
import { relocateBinaryInMemory } from "./relocate-binary.js";
import { relocatedTarget } from "./relocate-link.js";
import { relocateTextInMemory } from "./relocate-text.js";
import type { Relocation } from "./relocation.js";
import { problemOf, RelocationError, type RelocationProblem } from "./relocation-error.js";

/**
 * Changes the files of a tree in place.
 *
 * @returns the tree with its links relocated
 * @throws RelocationError, and SpackOciError `ERR_LIST_ESCAPES` or `ERR_LISTED_FILE` for lists that are wrong
 */
export function relocateInMemory(tree: MemoryTree, info: BuildInfo, relocation: Relocation): MemoryTree {
  const { map } = relocation;
  if (map.size === 0) return tree;
  const files = new ListedFilesInMemory(tree, info.hardlinksDeduped);
  const problems: RelocationProblem[] = [];
  for (const listed of info.relocateBinaries) {
    const file = files.take(listed);
    if (file === undefined) continue;
    for (const blocked of relocateBinaryInMemory(file.content, { ...relocation, name: listed }))
      problems.push(problemOf(listed, blocked));
  }
  const relocated = new Map<MemoryTreeEntry, MemoryTreeEntry>();
  for (const listed of info.relocateLinks) {
    const link = findListed(tree, listed);
    if (link?.type !== "symlink") throw unusable(listed, "which is not a link", undefined);
    const target = relocatedTarget(encodeFileName(link.target), map);
    if (target !== undefined) relocated.set(link, { type: "symlink", target: decodeFileName(target) });
  }
  for (const listed of info.relocateTextFiles) {
    const content = files.take(listed)?.content;
    if (content !== undefined) relocateTextInMemory(content, map);
  }
  if (problems.length > 0) throw new RelocationError(problems);
  if (relocated.size === 0) return tree;
  return new Map([...tree].map(([path, entry]) => [path, relocated.get(entry) ?? entry]));
}

class ListedFilesInMemory {
  readonly #tree: MemoryTree;
  /** Files that were taken, if an old layer may list several names of one (Spack: `dedupe_hardlinks_if_necessary`). */
  readonly #seen: Set<MemoryTreeFile> | undefined;
  readonly #shared: ReadonlySet<MemoryTreeFile>;

  constructor(tree: MemoryTree, isDeduped: boolean) {
    this.#tree = tree;
    this.#seen = isDeduped ? undefined : new Set();
    this.#shared = isDeduped ? new Set() : filesWithSeveralNames(tree);
  }

  /** A listed file, unless it was taken by another name. */
  take(listed: string): MemoryTreeFile | undefined {
    const entry = findListed(this.#tree, listed);
    if (entry?.type !== "file") throw unusable(listed, "which cannot be opened", undefined);
    const { file } = entry;
    if (this.#seen?.has(file) && this.#shared.has(file)) return undefined;
    this.#seen?.add(file);
    return file;
  }
}

function filesWithSeveralNames(tree: MemoryTree): Set<MemoryTreeFile> {
  const [seen, shared] = [new Set<MemoryTreeFile>(), new Set<MemoryTreeFile>()];
  for (const entry of tree.values()) {
    if (entry.type !== "file") continue;
    if (seen.has(entry.file)) shared.add(entry.file);
    seen.add(entry.file);
  }
  return shared;
}
