// Walks a prefix without following links, with file names as bytes, because they need not be UTF-8.
import { readdir } from "@spack-oci/files";

/** An entry below a prefix. */
export interface PrefixEntry {
  /** The whole path, as bytes. */
  readonly path: Buffer;
  /** The last part of the path, as bytes. */
  readonly name: Buffer;
  readonly type: "directory" | "file" | "symlink" | "other";
}

/**
 * Every entry below `directory`, that itself left out: of each directory first its subdirectories, then the rest, each
 * sorted by name; a directory's content comes after all of its siblings. A directory is opened only when the entry for
 * it has been dealt with, so its permissions may be changed on the way.
 *
 * @throws Error of the file system, if a directory cannot be read
 */
export async function* walkPrefix(directory: Buffer): AsyncGenerator<PrefixEntry> {
  const entries = (await readdir(directory, { withFileTypes: true, encoding: "buffer" })).map(
    (entry): PrefixEntry => {
      const name = entry.name as unknown as Buffer;
      const type = entry.isDirectory()
        ? "directory"
        : entry.isSymbolicLink()
          ? "symlink"
          : entry.isFile()
            ? "file"
            : "other";
      return { path: joinBytes(directory, name), name, type };
    },
  );
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  const directories = entries.filter((entry) => entry.type === "directory");
  yield* directories;
  yield* entries.filter((entry) => entry.type !== "directory");
  for (const entry of directories) yield* walkPrefix(entry.path);
}

/** Joins a directory and a name, both as bytes. */
export function joinBytes(directory: Buffer, name: Buffer | string): Buffer {
  return Buffer.concat([directory, Buffer.from("/"), Buffer.from(name)]);
}
