// Finds leftovers of killed processes by the host and process ID in their names.

import { readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

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
    return host === hostname() && !isAlive(Number(pid));
  };
  return names.filter(isAbandoned).map((name) => join(directory, name));
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** A process of another user is alive, too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
