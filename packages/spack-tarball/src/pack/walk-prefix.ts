// Walks an install prefix in the order in which Spack packs it (Spack: util/archive.py,
// `reproducible_tarfile_from_prefix`).

import {
  compareFileNames,
  decodeFileName,
  encodeFileName,
  fileSystemPath,
  listDirectory,
  lstat,
  readlink,
} from "@spack-oci/files";
import { describeFile, identity, join, type KnownInodes, type PrefixEntry } from "./prefix-entry.js";

/**
 * Yields a directory, then its files and links by name, then its subdirectories by name, depth first. A second name of
 * an inode is a hard link to the first. Sockets, pipes and devices are skipped.
 *
 * @param skip path below the prefix of a file that is skipped under all of its names
 */
export async function* walkPrefix(
  prefix: string,
  skip?: string,
): AsyncGenerator<PrefixEntry, void, undefined> {
  const skipped = skip === undefined ? undefined : await identityOf(`${prefix}/${skip}`);
  const walk: Walk = { prefix, skipped, firstNames: new Map() };
  const pending = [""];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    yield { type: "directory", path: directory };
    const subdirectories: string[] = [];
    for (const { name, isDirectory } of await sortedEntries(join(prefix, directory))) {
      const path = join(directory, name);
      if (isDirectory) {
        subdirectories.push(path);
        continue;
      }
      const entry = await describe(walk, path);
      if (entry !== undefined) yield entry;
    }
    pending.push(...subdirectories.reverse());
  }
}

async function sortedEntries(directory: string): Promise<{ name: string; isDirectory: boolean }[]> {
  const entries = await listDirectory(encodeFileName(directory), (name, entry) => ({
    name: decodeFileName(name),
    isDirectory: entry.isDirectory(),
  }));
  return entries.sort((left, right) => compareFileNames(left.name, right.name));
}

interface Walk extends KnownInodes {
  readonly prefix: string;
}

async function describe({ prefix, ...walk }: Walk, path: string): Promise<PrefixEntry | undefined> {
  const place = fileSystemPath(join(prefix, path));
  const status = await lstat(place, { bigint: true });
  if (status.isSymbolicLink() && identity(status) !== walk.skipped) {
    return { type: "symlink", path, target: decodeFileName(await readlink(place, { encoding: "buffer" })) };
  }
  return describeFile(walk, path, status);
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    return identity(await lstat(fileSystemPath(path), { bigint: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
