// Makes a directory with those above it. Node's own `mkdir` with `recursive` never ends where a file system says of a
// new directory that it is not there: /proc does, and the directories that an automounter fills.

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes sure that a directory is there.
 *
 * @throws Error of the file system
 */
export async function makeDirectories(path: string): Promise<void> {
  if (await made(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirectories(parent);
  if (!(await made(path))) await mkdir(path);
}

/** Whether the directory is there now; not where the one above it is missing. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    // Read-only file systems refuse before they look whether it is there.
    if (!(await isDirectory(path))) throw error;
    return true;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
