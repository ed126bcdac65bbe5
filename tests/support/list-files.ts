// Names the files below a directory.
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** Paths relative to the directory, sorted. */
export function listFiles(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(directory, join(entry.parentPath, entry.name))).sort();
}
