// Lists the files below a directory.

import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Paths relative to the directory, sorted. Links are not followed; Node's own recursion follows them since version 22.
 */
export function listFiles(directory: string): string[] {
  return [...filesBelow(directory, "")].sort();
}

function* filesBelow(directory: string, below: string): Generator<string> {
  for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) yield* filesBelow(directory, path);
    else if (entry.isFile()) yield path;
  }
}
