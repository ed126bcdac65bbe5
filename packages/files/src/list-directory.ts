// Lists a directory without keeping more of each entry than the caller needs: it may have tens of thousands.

import * as fs from "node:fs";
import { pace } from "./pace.js";

/** The type of a directory entry. */
export type DirectoryEntry = Pick<fs.Dirent, "isDirectory" | "isFile" | "isSymbolicLink">;

/** Number of entries that are read at once. */
const BATCH = 256;

/**
 * The results of `see` for each entry except `.` and `..`, in no particular order.
 *
 * @param see receives the name as bytes, because it need not be UTF-8
 * @throws Error of the file system
 *
 * @example
 * ```ts
 * import { mkdirSync } from "node:fs";
 * import { decodeFileName, listDirectory } from "@spack-oci/files";
 *
 * mkdirSync("store/bin", { recursive: true });
 * console.log(await listDirectory("store", (name, entry) => [decodeFileName(name), entry.isDirectory()])); // [ [ 'bin', true ] ]
 * ```
 */
export function listDirectory<T>(
  path: string | Buffer,
  see: (name: Buffer, entry: DirectoryEntry) => T,
): Promise<T[]> {
  const options = { encoding: "buffer" as BufferEncoding, bufferSize: BATCH };
  const seen: T[] = [];
  // Node's types do not cover names as bytes here.
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
