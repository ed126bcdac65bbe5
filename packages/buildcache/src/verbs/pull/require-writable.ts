// Checks whether a store is writable before anything is fetched for it.

import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * @param directory need not exist yet
 * @throws Error of the file system if it cannot be written or created
 */
export async function requireWritable(directory: string): Promise<void> {
  try {
    // With the dot, a file in place of the directory fails by itself; root, which passes permission checks, would see
    // a misleading error.
    await access(`${directory}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(directory) === directory) throw error;
    await requireWritable(dirname(directory));
  }
}
