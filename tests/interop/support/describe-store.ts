// Describes every prefix of a store, so that the work of two installers can be compared.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describePrefix, type PrefixDescription } from "../../support/describe-prefix.js";

/** Times of day and durations: no two installs write the same. */
export const INSTALL_TIMES = ".spack/install_times.json";
/** Spack keeps the builder's, which verifies nothing in another prefix; this project writes a new one. */
export const INSTALL_MANIFEST = ".spack/install_manifest.json";
/** What a package's layer says of itself; the same value has several spellings in YAML. */
export const BUILD_INFO = ".spack/binary_distribution";

/** Prefixes by their path below the root, without the files that are left out. */
export function describeStore(root: string, without: readonly string[]): Record<string, PrefixDescription> {
  const store: Record<string, PrefixDescription> = {};
  for (const platform of readdirSync(root).filter((name) => name.startsWith("linux-"))) {
    for (const name of readdirSync(join(root, platform))) {
      const { entries, hardlinks } = describePrefix(join(root, platform, name));
      const kept = Object.entries(entries).filter(([path]) => !without.includes(path));
      store[join(platform, name)] = { entries: Object.fromEntries(kept), hardlinks };
    }
  }
  return store;
}
