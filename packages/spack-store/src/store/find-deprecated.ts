// Finds deprecated specs, which are kept in the prefixes of their replacements.

import { join } from "node:path";
import type { SpecNode } from "@spack-oci/spack-spec";

import type { FoundPrefix } from "./find-prefixes.js";
import type { SpecFiles } from "./spec-files.js";

/** A deprecated spec. */
export interface Deprecation {
  readonly spec: SpecNode;
  /** The hash of its replacement. */
  readonly deprecatedFor: string;
}

/**
 * Reads all specs in `.spack/deprecated` of the prefixes (`DirectoryLayout.deprecated_for` in
 * `spack/directory_layout.py`).
 */
export async function findDeprecated(
  prefixes: readonly FoundPrefix[],
  files: SpecFiles,
): Promise<readonly Deprecation[]> {
  const found: Deprecation[] = [];
  for (const { prefix, spec: deprecator } of prefixes) {
    const directory = join(prefix, ".spack", "deprecated");
    for (const { name } of await files.list(directory)) {
      const spec = await files.read(join(directory, name));
      if (spec !== undefined) found.push({ spec, deprecatedFor: deprecator.hash });
    }
  }
  return found;
}
