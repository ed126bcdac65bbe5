// Finds what worker threads run. A bundle replaces this file, because there it is the bundle itself, or a part of it.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a worker thread runs: a file, or code in CommonJS. */
export type WorkerScript = { readonly file: string } | { readonly code: string };

/** @returns undefined if this module is part of a bundle that does not provide the script */
export function workerScript(): WorkerScript | undefined {
  const file = fileURLToPath(new URL("./worker.js", import.meta.url));
  return existsSync(file) ? { file } : undefined;
}
