// Replaces the metadata of the spec that was built by that of a spliced package (Spack: binary_distribution.py,
// `relocate_package`, "overwrite old metadata with new"). Its manifest is replaced in any case.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The path below a prefix. */
export const SPEC_PATH = ".spack/spec.json";

/** @param staging where the package is */
export async function writeSplicedSpec(staging: string, text: string): Promise<void> {
  await writeFile(join(staging, SPEC_PATH), text);
}
