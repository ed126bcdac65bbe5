// Looks whether a store can be written before anything is fetched for it.

import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * @param directory which need not exist yet
 * @throws Error of the file system where it cannot be written, or made
 */
export async function requireWritable(directory: string): Promise<void> {
  try {
    // The dot makes a file an error of its own: root, whom permissions do not stop, is else told of permissions.
    await access(`${directory}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(directory) === directory) throw error;
    await requireWritable(dirname(directory));
  }
}
