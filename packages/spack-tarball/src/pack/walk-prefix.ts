// Walks an install prefix in the order in which Spack packs it (Spack: util/archive.py,
// `reproducible_tarfile_from_prefix`).

import { lstatSync } from "node:fs";
import {
  compareFileNames,
  decodeFileName,
  encodeFileName,
  fileSystemPath,
  inOneGo,
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
    const files: string[] = [];
    for (const { name, isDirectory } of await sortedEntries(join(prefix, directory))) {
      const path = join(directory, name);
      if (isDirectory) subdirectories.push(path);
      else files.push(path);
    }
    for (let start = 0; start < files.length; start += BATCH) {
      for (const entry of await describeAll(walk, files.slice(start, start + BATCH))) yield entry;
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

/** Files whose entries are known before the first of them is packed. */
const BATCH = 64;

interface Walk extends KnownInodes {
  readonly prefix: string;
}

async function describeAll(walk: Walk, paths: readonly string[]): Promise<PrefixEntry[]> {
  const places = paths.map((path) => fileSystemPath(join(walk.prefix, path)));
  const statuses = inOneGo((operate) =>
    places.map((place) => operate(() => lstatSync(place, { bigint: true }))),
  );
  const entries: PrefixEntry[] = [];
  for (const [index, path] of paths.entries()) {
    const place = places[index] as string | Buffer;
    const status = statuses?.[index] ?? (await lstat(place, { bigint: true }));
    const isLink = status.isSymbolicLink() && identity(status) !== walk.skipped;
    const entry = isLink ? await describeLink(path, place) : describeFile(walk, path, status);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

async function describeLink(path: string, place: string | Buffer): Promise<PrefixEntry> {
  return { type: "symlink", path, target: decodeFileName(await readlink(place, { encoding: "buffer" })) };
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    return identity(await lstat(fileSystemPath(path), { bigint: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
