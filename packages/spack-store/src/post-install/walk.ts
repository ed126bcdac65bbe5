// Walks a prefix without following links. File names are bytes, because they may not be UTF-8.

import { type DirectoryEntry, listDirectory } from "@spack-oci/files";

/** An entry below a prefix. */
export interface TreeEntry {
  /** The full path, as bytes. */
  readonly path: Buffer;
  readonly type: "directory" | "file" | "symlink" | "other";
}

/**
 * Every entry below `directory`: for each directory first its subdirectories, then the rest, sorted by name; the
 * content of a directory comes after all of its siblings. A directory is opened after its entry was handled, so its
 * permissions may be changed.
 *
 * @throws Error of the file system, if a directory cannot be read
 */
export async function* walkTree(directory: Buffer): AsyncGenerator<TreeEntry> {
  const entries = await sortedEntries(directory);
  const directories = entries.filter((entry) => entry.type === "directory");
  for (const { name, type } of directories) yield { path: joinBytes(directory, name), type };
  for (const { name, type } of entries) {
    if (type !== "directory") yield { path: joinBytes(directory, name), type };
  }
  for (const { name } of directories) yield* walkTree(joinBytes(directory, name));
}

/** Joins a directory and a name with one character per byte. */
export function joinBytes(directory: Buffer, name: string): Buffer {
  return Buffer.concat([directory, Buffer.from(`/${name}`, "latin1")]);
}

/** Names have one character per byte: a directory may have tens of thousands, and buffers are ten times as large. */
async function sortedEntries(
  directory: Buffer,
): Promise<{ readonly name: string; readonly type: TreeEntry["type"] }[]> {
  const entries = await listDirectory(directory, (name, entry) => ({
    name: name.toString("latin1"),
    type: typeOf(entry),
  }));
  return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
}

function typeOf(entry: DirectoryEntry): TreeEntry["type"] {
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symlink";
  return entry.isFile() ? "file" : "other";
}
