// A package that is packed as though it had been installed in another store than the one that it is in.

import type { PackRequest } from "../pack/pack-prefix.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { relocationMap } from "../relocate/relocation-map.js";

export interface PrefixMove {
  /** The package as its own store has it. */
  readonly from: Pick<
    PackRequest,
    "prefix" | "directory" | "sbangInstallPath" | "buildPath" | "hashToPrefix"
  >;
  /** The package as the other store would have it. */
  readonly to: Omit<PackRequest, "directory" | "change" | "sbangInstallPath"> & {
    readonly sbangInstallPath: string;
  };
}

/** Where the package is on disk. */
export function directoryOf({ from }: PrefixMove): string {
  return from.directory ?? from.prefix;
}

/** What becomes of every prefix that the package may name. */
export function mapOf({ from, to }: PrefixMove): PrefixMap {
  const { buildPath: root, sbangInstallPath, hashToPrefix: prefixes } = to;
  return relocationMap(from, { root, sbangInstallPath, prefixes });
}
