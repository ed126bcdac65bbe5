// Finds the script that worker threads run. A bundle replaces this file, because there the script is the bundle itself.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @returns undefined if this module is part of a bundle that does not provide the script */
export function workerScript(): string | undefined {
  const script = fileURLToPath(new URL("./worker.js", import.meta.url));
  return existsSync(script) ? script : undefined;
}
