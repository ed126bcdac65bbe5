// The prefixes that are searched for in the files of a package, and the files that are searched.

import { encodeFileName } from "@spack-oci/files";
import type { BuildInfo } from "../build-info/build-info.js";
import { PrefixList } from "../prefixes/prefix-list.js";

/**
 * Those of the package and of packages it may refer to, the sbang script, and the root (Spack: binary_distribution.py,
 * `prefixes_to_relocate`).
 */
export function knownPrefixes(
  info: Pick<BuildInfo, "hashToPrefix" | "sbangInstallPath" | "buildPath">,
): PrefixList {
  const known = [...info.hashToPrefix.values(), info.sbangInstallPath, info.buildPath];
  return new PrefixList(known.filter((path) => path !== undefined).map(encodeFileName));
}

/** Nothing in `.spack` is ever relocated. */
export function isRelocated(path: string): boolean {
  return !path.startsWith(".spack/");
}
