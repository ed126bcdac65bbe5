// Finds leftovers of killed processes by the host and process ID in their names.

import { hostname } from "node:os";
import { join } from "node:path";
import { isRunning } from "../system/is-running.js";
import { namesIn } from "../system/names-in.js";

/**
 * Entries of `directory` whose name matches `pattern` and whose process is not running; empty if there is no such
 * directory. Entries of other hosts are not included.
 *
 * @param pattern with the host as its first group and the process ID as its second
 * @returns paths
 * @throws Error of the file system
 */
export async function abandonedIn(directory: string, pattern: RegExp): Promise<string[]> {
  const names = await namesIn(directory);
  const isAbandoned = (name: string) => {
    const [, host, pid] = pattern.exec(name) ?? [];
    return host === hostname() && !isRunning(Number(pid));
  };
  return names.filter(isAbandoned).map((name) => join(directory, name));
}
