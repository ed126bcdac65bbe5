// A package that is packed as if it had been installed in another store.

import type { PackRequest } from "../pack/pack-prefix.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { relocationMap } from "../relocate/relocation-map.js";

export interface PrefixMove {
  /** Of the spec: it decides which binaries are more than their strings. */
  readonly platform?: string | undefined;
  /** The package in its own store. */
  readonly from: Pick<
    PackRequest,
    "prefix" | "directory" | "sbangInstallPath" | "buildPath" | "hashToPrefix"
  >;
  /** The package in the other store. */
  readonly to: Omit<PackRequest, "directory" | "change" | "sbangInstallPath"> & {
    readonly sbangInstallPath: string;
  };
}

/** Where the package is on disk. */
export function directoryOf({ from }: PrefixMove): string {
  return from.directory ?? from.prefix;
}

/** The new prefix for every prefix that the package may contain. */
export function mapOf({ from, to }: PrefixMove): PrefixMap {
  const { buildPath: root, sbangInstallPath, hashToPrefix: prefixes } = to;
  return relocationMap(from, { root, sbangInstallPath, prefixes });
}
