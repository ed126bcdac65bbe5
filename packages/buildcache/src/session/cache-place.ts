// Where a user's cache is. Without imports of other packages, so that completion starts quickly.

import { statSync } from "node:fs";
import { join } from "node:path";

/** The value of `SPACK_OCI_CACHE` that disables the cache. */
const CACHE_OFF = "off";

/**
 * `SPACK_OCI_CACHE`, or `spack-oci` below the cache directory (XDG base directory specification).
 *
 * @returns undefined if caching is off, or the user has no home directory
 */
export function cachePlace(environment: NodeJS.ProcessEnv): string | undefined {
  const { SPACK_OCI_CACHE: named, XDG_CACHE_HOME: caches, HOME: home } = environment;
  if (named === CACHE_OFF) return undefined;
  if (named) return named;
  if (caches) return join(caches, "spack-oci");
  // Never creates a home directory.
  return home && isDirectory(home) ? join(home, ".cache", "spack-oci") : undefined;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
