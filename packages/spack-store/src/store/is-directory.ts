// Whether a directory exists, for the many that an image's environment asks about.

import { stat } from "@spack-oci/files";

/** Errors that mean the directory does not exist, as for Python's `os.path.isdir`. */
const NO_DIRECTORY = ["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"];

/** @throws Error of the file system if it cannot tell */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (NO_DIRECTORY.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
