// The command as it is published: one file, which loads its parts.

import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../scripts/bundle.mjs", import.meta.url));

/** A NODE_PATH with the optional packages, which are compiled on the machine. */
export const nativePackages = ["spack-store", "spack-tarball"]
  .map((name) => fileURLToPath(new URL(`../../packages/${name}/node_modules`, import.meta.url)))
  .join(delimiter);

/**
 * @param directory nothing else may write to it at the same time
 * @returns the path of the file
 */
export function buildBundle(directory: string): string {
  const { status, stderr } = spawnSync(process.execPath, [script, directory], { encoding: "utf8" });
  if (status !== 0 || stderr !== "") throw new Error(`bundling the command failed: ${stderr}`);
  return join(directory, "spack-oci.cjs");
}
