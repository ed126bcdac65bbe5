// Looks which directories there are, each of them once.

import { stat } from "node:fs/promises";
import type { IsDirectory } from "./inspect-prefix.js";

/** Errors that mean that there is no such directory, to Python's `os.path.isdir` as to anybody who runs the package. */
const NO_DIRECTORY = ["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"];

/** For as long as nothing changes. @throws Error of the file system where it cannot tell */
export function knownDirectories(): IsDirectory {
  const known = new Map<string, Promise<boolean>>();
  return (path) => {
    const answer = known.get(path) ?? isDirectory(path);
    known.set(path, answer);
    return answer;
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
