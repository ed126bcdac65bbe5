// Creates a directory and its parents. Node's `mkdir` with `recursive` never returns if a file system reports ENOENT
// for a new directory whose parent exists, as /proc does, and automounted directories.

import { dirname } from "node:path";
import { mkdir, stat } from "./operations.js";

/**
 * Creates a directory and its missing parents; it may exist already.
 *
 * @throws Error of the file system
 */
export async function makeDirectories(path: string): Promise<void> {
  if (await created(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirectories(parent);
  if (!(await created(path))) await mkdir(path);
}

/** Whether the directory exists now; false if its parent is missing. */
async function created(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    // Read-only file systems reject this even if the directory exists.
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
