// Finds programs on PATH, for tests that use a real one if available.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of the first of these programs that can be run; undefined if none can. */
export function onPath(...names: string[]): string | undefined {
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = names.flatMap((name) => directories.map((directory) => join(directory, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
