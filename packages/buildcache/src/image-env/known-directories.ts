// Checks which directories exist, and remembers the answers.

import { isDirectory } from "@spack-oci/spack-store";
import type { IsDirectory } from "./inspect-prefix.js";

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
