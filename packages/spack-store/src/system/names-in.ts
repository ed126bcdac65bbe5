// Lists a directory that may be missing.

import { readdir } from "node:fs/promises";
import { isMissing } from "@spack-oci/errors";

/** The names in a directory; empty if there is no such directory. @throws Error of the file system */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
