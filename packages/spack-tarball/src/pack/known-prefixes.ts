// Which prefixes the files of a package are searched for, and which files.

import { encodeFileName } from "@spack-oci/files";
import type { BuildInfo } from "../build-info/build-info.js";
import { PrefixList } from "../prefixes/prefix-list.js";

/** The package's own and those of what it may refer to, the sbang script, and the root (Spack: binary_distribution.py, `prefixes_to_relocate`). */
export function knownPrefixes(
  info: Pick<BuildInfo, "hashToPrefix" | "sbangInstallPath" | "buildPath">,
): PrefixList {
  const known = [...info.hashToPrefix.values(), info.sbangInstallPath, info.buildPath];
  return new PrefixList(known.filter((path) => path !== undefined).map(encodeFileName));
}

/** Nothing below `.spack` is ever relocated. */
export function isRelocated(path: string): boolean {
  return !path.startsWith(".spack/");
}
