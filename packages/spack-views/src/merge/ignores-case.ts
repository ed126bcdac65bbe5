// Finds out whether names that differ only in case are the same in a directory, as on macOS.

import { randomBytes } from "node:crypto";
import { lstat, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Whether the directory's file system ignores case (Spack: filesystem_view.py,
 * `is_folder_on_case_insensitive_filesystem`). Writes a file and removes it.
 *
 * @throws Error of the file system
 */
export async function ignoresCase(directory: string): Promise<boolean> {
  const name = `.sentinel${randomBytes(6).toString("hex")}a`;
  const sentinel = join(directory, name);
  await writeFile(sentinel, "", { flag: "wx" });
  try {
    await lstat(join(directory, name.toUpperCase()));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  } finally {
    await rm(sentinel, { force: true });
  }
}
