// Removes directories, whatever a package has made of their permissions.

import { chmod, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const OWNER = 0o700;

/** Removes what is at a path; not finding anything is no error. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    // Nothing can be taken out of a read-only directory, and packages have such.
    await openUp(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function openUp(directory: string): Promise<void> {
  const { mode } = await lstat(directory);
  if ((mode & OWNER) !== OWNER) await chmod(directory, mode | OWNER);
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await openUp(join(directory, entry.name));
}
