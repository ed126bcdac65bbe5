// Removes directories regardless of the permissions that a package set.

import { chmod, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const OWNER = 0o700;

/** Removes what exists at a path, if anything. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    // Read-only directories, which packages may contain, block the removal of their entries.
    await makeWritable(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function makeWritable(directory: string): Promise<void> {
  const { mode } = await lstat(directory);
  if ((mode & OWNER) !== OWNER) await chmod(directory, mode | OWNER);
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name));
}
