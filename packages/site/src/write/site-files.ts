// Writes the files of a site, and removes those that it no longer has.

import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { detailsFile } from "../data/details.js";
import { readIfPresent } from "../files/read-if-present.js";

/** A file with the same text keeps its time, so that tools which upload sites skip it. */
export function writeIfChanged(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (readIfPresent(path) === text) return;
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

/** Removes the chunks of an older site that had more. */
export function removeOldDetails(directory: string, chunks: number): void {
  const data = join(directory, dirname(detailsFile(0)));
  const current = new Set(Array.from({ length: chunks }, (_, chunk) => basename(detailsFile(chunk))));
  for (const name of readdirSync(data))
    if (/^details-\d+\.js$/.test(name) && !current.has(name)) rmSync(join(data, name));
}
