// Creates files in prefixes that may contain anything.

import { type FileHandle, open, rm } from "node:fs/promises";

/**
 * A new, empty file that replaces an existing one: a link in a package may point anywhere, and a file may have other
 * names. The caller closes it.
 *
 * @throws Error of the file system
 */
export async function createFresh(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, "wx");
}
