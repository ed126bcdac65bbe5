// Checks which directories exist, and remembers the answers.

import { stat } from "node:fs/promises";
import type { IsDirectory } from "./inspect-prefix.js";

/** Errors that mean the directory does not exist, as for Python's `os.path.isdir`. */
const NO_DIRECTORY = ["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"];

/**
 * Valid as long as nothing changes.
 *
 * @throws Error of the file system if it cannot tell
 */
export function knownDirectories(): IsDirectory {
  const known = new Map<string, Promise<boolean>>();
  return (path) => {
    const result = known.get(path) ?? isDirectory(path);
    known.set(path, result);
    return result;
  };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (NO_DIRECTORY.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
