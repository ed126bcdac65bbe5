// Looks at paths that need not exist.

import { fileSystemPath, lstat } from "@spack-oci/files";

/**
 * The status of what is at a path, without following links; undefined if nothing is.
 *
 * @throws Error of the file system
 */
export async function lstatIfAny(path: string) {
  try {
    return await lstat(fileSystemPath(path));
  } catch (error) {
    unlessMissing(error);
    return undefined;
  }
}

/** @throws the error, unless it says that nothing is at a path */
export function unlessMissing(error: unknown): void {
  if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
}
