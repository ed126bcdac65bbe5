// Lists a directory without holding more of it than is wanted: it may have tens of thousands of files.

import * as fs from "node:fs";
import { pace } from "./pace.js";

/** What a directory says of something in it. */
export type DirectoryEntry = Pick<fs.Dirent, "isDirectory" | "isFile" | "isSymbolicLink">;

/** Entries that are read at once. */
const BATCH = 256;

/**
 * What `see` makes of each entry, in no order; `.` and `..` are none.
 *
 * @param see gets the name as bytes, because it need not be UTF-8
 * @throws Error of the file system
 */
export function listDirectory<T>(
  path: string | Buffer,
  see: (name: Buffer, entry: DirectoryEntry) => T,
): Promise<T[]> {
  const options = { encoding: "buffer" as BufferEncoding, bufferSize: BATCH };
  const seen: T[] = [];
  // The types of Node know no names of bytes here.
  const take = (entry: fs.Dirent) => seen.push(see(entry.name as unknown as Buffer, entry));
  return pace.run(
    () => {
      const directory = fs.opendirSync(path, options);
      try {
        for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) take(entry);
      } finally {
        directory.closeSync();
      }
      return seen;
    },
    async () => {
      for await (const entry of await fs.promises.opendir(path, options)) take(entry);
      return seen;
    },
  );
}
