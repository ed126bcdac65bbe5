// Maps the prefixes in a package's build info to those of another store.

import type { BuildInfo } from "../build-info/build-info.js";
import { PrefixMap } from "../prefixes/prefix-map.js";

/** The store that a package moves into. */
export interface RelocationTarget {
  /** Root of the install tree, padding included. */
  readonly root: string;
  readonly sbangInstallPath: string;
  /** DAG hash to prefix of the package and of packages it may refer to, in Spack's order (`specs_to_relocate`). */
  readonly prefixes: ReadonlyMap<string, string>;
}

/** The store that a package comes from, as far as its files contain it. */
export type RelocationSource = Pick<BuildInfo, "sbangInstallPath" | "buildPath" | "hashToPrefix">;

/**
 * The sbang script, then each package (they may be in different install trees), then the root as a fallback for
 * everything below it (Spack: binary_distribution.py, `relocate_package`).
 */
export function relocationMap(info: RelocationSource, target: RelocationTarget): PrefixMap {
  const entries: [string, string][] = [];
  if (info.sbangInstallPath !== undefined) entries.push([info.sbangInstallPath, target.sbangInstallPath]);
  for (const [hash, prefix] of target.prefixes) {
    const old = info.hashToPrefix.get(hash);
    if (old !== undefined) entries.push([old, prefix]);
  }
  entries.push([info.buildPath, target.root]);
  return new PrefixMap(entries);
}
