// Reads the spec of a package in its staging directory, and replaces that of the spec that was built by that of a spliced
// package (Spack: binary_distribution.py, `relocate_package`, "overwrite old metadata with new"). Its manifest is replaced
// in any case.

import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MAX_CONFIG_SIZE } from "../failures/content-limits.js";

/** The path below a prefix. */
export const SPEC_PATH = ".spack/spec.json";

/** @param staging where the package is */
export async function writeSplicedSpec(staging: string, text: string): Promise<void> {
  await writeFile(join(staging, SPEC_PATH), text);
}

/** Undefined if there is none, or if it is not a file of a reasonable size. */
export async function readStagedSpec(staging: string): Promise<string | undefined> {
  const path = join(staging, SPEC_PATH);
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true && found.size <= MAX_CONFIG_SIZE ? readFile(path, "utf8") : undefined;
}
