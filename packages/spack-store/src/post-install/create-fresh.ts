// Makes files in a prefix whose content somebody else has chosen.

import { type FileHandle, open, rm } from "node:fs/promises";

/**
 * A new, empty file, whatever is in its place: a link that came with a package may lead anywhere, and a file may have other
 * names. Whoever opens it closes it.
 *
 * @throws Error of the file system
 */
export async function createFresh(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, "wx");
}
