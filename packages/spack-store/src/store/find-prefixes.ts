// Finds all packages installed below the root of a store.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { SpecNode } from "@spack-oci/spack-spec";

import type { SpecFiles } from "./spec-files.js";

/** An installed package, according to its prefix. */
export interface FoundPrefix {
  readonly prefix: string;
  readonly spec: SpecNode;
  /** When the prefix last changed, in seconds since 1970. */
  readonly changeTime: number;
}

/** Staging directories of packages before they are renamed. */
const STAGING_NAME = /^\.spack-oci-/;

/**
 * Finds all directories below `root` whose `.spack` contains a spec, without descending into them
 * (`specs_from_metadata_dirs` in `spack/directory_layout.py`). Symbolic links, such as prefixes of deprecated specs,
 * are not followed; staging directories of spack-oci are skipped. Sorted by path.
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

/** `st_ctime` as computed by Python: a sum of floats. Undefined if the prefix has just been removed. */
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
