// Walks an install prefix in the order in which Spack packs it (Spack: util/archive.py, `reproducible_tarfile_from_prefix`).

import {
  compareFileNames,
  decodeFileName,
  encodeFileName,
  fileSystemPath,
  listDirectory,
  lstat,
  readlink,
} from "@spack-oci/files";

/** An entry of a prefix that goes into a layer. Paths are relative to the prefix; `""` is the prefix itself. */
export type PrefixEntry =
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "symlink"; readonly path: string; readonly target: string }
  | {
      readonly type: "hardlink";
      readonly path: string;
      readonly target: string;
      readonly executable: boolean;
    }
  | {
      readonly type: "file";
      readonly path: string;
      readonly size: number;
      readonly executable: boolean;
      /** Whether the file has other names, here or elsewhere. */
      readonly isShared: boolean;
    };

const OWNER_EXECUTE = 0o100;

/**
 * Yields a directory, then its files and links by name, then its subdirectories by name, depth first. A second name of an
 * inode is a hard link to the first. Sockets, pipes and devices are skipped.
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

interface Walk {
  readonly prefix: string;
  /** The inode that is skipped. */
  readonly skipped: string | undefined;
  /** The first name of every inode that has several. */
  readonly firstNames: Map<string, string>;
}

async function describe(
  { prefix, skipped, firstNames }: Walk,
  path: string,
): Promise<PrefixEntry | undefined> {
  const place = fileSystemPath(join(prefix, path));
  const stat = await lstat(place, { bigint: true });
  if (identity(stat) === skipped) return undefined;
  if (stat.isSymbolicLink()) {
    return { type: "symlink", path, target: decodeFileName(await readlink(place, { encoding: "buffer" })) };
  }
  if (!stat.isFile()) return undefined;
  const executable = (Number(stat.mode) & OWNER_EXECUTE) !== 0;
  const isShared = stat.nlink > 1n;
  if (isShared) {
    const first = firstNames.get(identity(stat));
    if (first !== undefined) return { type: "hardlink", path, target: first, executable };
    firstNames.set(identity(stat), path);
  }
  return { type: "file", path, size: Number(stat.size), executable, isShared };
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    return identity(await lstat(fileSystemPath(path), { bigint: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function identity(stat: { dev: bigint; ino: bigint }): string {
  return `${stat.dev}:${stat.ino}`;
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
