// Reads the options that a package was configured with, as its prefix records them.

import { readFile } from "node:fs/promises";
import { isMissing } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";

/**
 * Undefined if none are recorded (Spack: modules/common.py, `configure_options`).
 *
 * @param file in the prefix; undefined for a package without one
 * @throws Error of the file system, except if the file does not exist
 */
export async function readConfigureOptions(
  node: SpecNode,
  file: string | undefined,
  filterPadding: (text: string) => string,
): Promise<string | undefined> {
  if (node.external !== undefined) return "unknown, software installed outside of Spack";
  if (file === undefined) return undefined;
  try {
    return filterPadding((await readFile(file, "utf8")).replace(/\r\n?/g, "\n"));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
