// Describes every package of a store, to compare the work of two installers.

import { lstatSync } from "node:fs";
import { join, relative } from "node:path";
import { describePrefix, type PrefixDescription } from "../../support/describe-prefix.js";
import { readRecords } from "./database.js";

/** Times and durations, which differ between any two installs. */
export const INSTALL_TIMES = ".spack/install_times.json";
/** Spack keeps the builder's, which is useless in another prefix; this project writes a new one. */
export const INSTALL_MANIFEST = ".spack/install_manifest.json";
/** The build info in a package's layer; the same value has several spellings in YAML. */
export const BUILD_INFO = ".spack/binary_distribution";

/** A prefix, and the group of each entry. */
export interface PackageDescription extends PrefixDescription {
  readonly groups: Readonly<Record<string, number>>;
}

/**
 * Prefixes of installed packages in the database, by their path below the root, without the excluded files.
 *
 * @param root the directory that holds `.spack-db`
 */
export function describeStore(root: string, without: readonly string[]): Record<string, PackageDescription> {
  const store: Record<string, PackageDescription> = {};
  for (const record of Object.values(readRecords(root))) {
    const prefix = String(record["path"]);
    if (record["installed"] !== true || !prefix.startsWith(`${root}/`)) continue;
    const { entries, hardlinks } = describePrefix(prefix);
    const kept = Object.entries(entries).filter(([name]) => !without.includes(name));
    const groups = kept
      // Names that are not UTF-8 cannot be looked up by their description.
      .filter(([name]) => !name.startsWith("latin1:"))
      .map(([name]) => [name, lstatSync(join(prefix, name)).gid]);
    store[relative(root, prefix)] = {
      entries: Object.fromEntries(kept),
      hardlinks,
      groups: Object.fromEntries(groups),
    };
  }
  return store;
}
