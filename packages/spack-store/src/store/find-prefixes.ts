// Finds everything that is installed below the root of a store, wherever it lies there.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { SpecNode } from "@spack-oci/spack-spec";

import type { SpecFiles } from "./spec-files.js";

/** An installed package, as its prefix shows it. */
export interface FoundPrefix {
  readonly prefix: string;
  readonly spec: SpecNode;
  /** When the prefix last changed, in seconds since 1970. */
  readonly changeTime: number;
}

/** Directories in which packages are put together before they get their own name. */
const STAGING_NAME = /^\.spack-oci-/;

/**
 * Finds all directories below `root` whose `.spack` holds a spec, and does not look further inside of them
 * (`specs_from_metadata_dirs` in `spack/directory_layout.py`). Symbolic links are not followed: a deprecated spec's
 * prefix is one. Staging directories of spack-oci are passed over. The order is that of the paths.
 */
export async function findPrefixes(root: string, files: SpecFiles): Promise<readonly FoundPrefix[]> {
  const found: FoundPrefix[] = [];
  const waiting = [root];
  for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
    const spec = await readPrefixSpec(prefix, files);
    if (spec !== undefined) {
      const changeTime = await changeTimeOf(prefix);
      if (changeTime !== undefined) found.push({ prefix, spec, changeTime });
      continue;
    }
    const entries = await files.list(prefix);
    const below = entries.filter((entry) => entry.isDirectory() && !STAGING_NAME.test(entry.name));
    for (const { name } of below.reverse()) waiting.push(join(prefix, name));
  }
  return found;
}

/** Spack 0.16 and older wrote YAML. */
async function readPrefixSpec(prefix: string, files: SpecFiles): Promise<SpecNode | undefined> {
  const json = await files.read(join(prefix, ".spack", "spec.json"));
  return json ?? files.read(join(prefix, ".spack", "spec.yaml"));
}

/** As Python computes `st_ctime`: a sum of floats. Undefined if somebody has just removed the prefix. */
async function changeTimeOf(prefix: string): Promise<number | undefined> {
  try {
    const { ctimeNs } = await stat(prefix, { bigint: true });
    const second = 1_000_000_000n;
    return Number(ctimeNs / second) + 1e-9 * Number(ctimeNs % second);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
