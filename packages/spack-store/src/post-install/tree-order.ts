// The order of the entries of a prefix in its manifest and in its fingerprint, for a tree in memory: that of walkTree.

import { encodeFileName, type MemoryTree } from "@spack-oci/files";

/** The entries of one directory, as paths below the prefix. Each list is sorted by the bytes of the names. */
export interface TreeDirectory {
  readonly directories: readonly string[];
  readonly others: readonly string[];
}

/** The content of every directory that is not empty, by its path. */
export function directoriesOf(tree: MemoryTree): ReadonlyMap<string, TreeDirectory> {
  const found = new Map<string, { directories: string[]; others: string[] }>();
  for (const [path, { type }] of tree) {
    if (path === "") continue;
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    let directory = found.get(parent);
    if (directory === undefined) {
      directory = { directories: [], others: [] };
      found.set(parent, directory);
    }
    (type === "directory" ? directory.directories : directory.others).push(path);
  }
  for (const { directories, others } of found.values()) {
    sortByBytes(directories);
    sortByBytes(others);
  }
  return found;
}

/** Paths of the same directory. */
function sortByBytes(paths: string[]): void {
  if (paths.every((path) => Buffer.byteLength(path) === path.length)) {
    paths.sort();
    return;
  }
  const bytes = new Map(paths.map((path) => [path, encodeFileName(path)]));
  paths.sort((left, right) => Buffer.compare(bytes.get(left) as Buffer, bytes.get(right) as Buffer));
}
