// Finds leftovers of killed processes by the host and process ID in their names.

import { opendir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isMissing } from "@spack-oci/errors";
import { isRunning } from "../system/is-running.js";

/** How many entries are read at once; temporary directories may have millions. */
const READ_SIZE = 1000;

/**
 * Entries of `directory` whose name matches `pattern` and whose process is not running; empty if there is no such
 * directory. Entries of other hosts are not included.
 *
 * @param pattern with the host as its first group and the process ID as its second
 * @returns paths
 * @throws Error of the file system
 */
export async function abandonedIn(directory: string, pattern: RegExp): Promise<string[]> {
  const ours = hostname();
  const paths: string[] = [];
  try {
    for await (const { name } of await opendir(directory, { bufferSize: READ_SIZE })) {
      const [, host, pid] = pattern.exec(name) ?? [];
      if (host === ours && !isRunning(Number(pid))) paths.push(join(directory, name));
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return paths;
}
