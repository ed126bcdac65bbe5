// Finds the directory that caches indexes and configs between runs.

import { statSync } from "node:fs";
import { join } from "node:path";
import { CacheDirectory } from "@spack-oci/oci-client";
import type { UserConfiguration } from "@spack-oci/spack-config";

/** The value of `SPACK_OCI_CACHE` that disables the cache. */
const CACHE_OFF = "off";

/**
 * A user's cache: at `SPACK_OCI_CACHE`, or in `spack-oci` below the cache directory (XDG base directory
 * specification). What Spack has fetched itself is read as well (Spack: oci/oci.py, `make_stage`).
 *
 * @returns undefined if caching is off, or the user has no home directory
 */
export function blobCache(
  environment: NodeJS.ProcessEnv,
  configured: UserConfiguration | undefined,
): CacheDirectory | undefined {
  const directory = directoryFor(environment);
  if (directory === undefined) return undefined;
  const sourceCache = configured?.configuration.get("config:source_cache");
  const spacks = sourceCache?.kind === "scalar" ? configured?.canonicalize(sourceCache) : undefined;
  return new CacheDirectory(directory, { alsoRead: spacks === undefined ? [] : [spacks] });
}

function directoryFor(environment: NodeJS.ProcessEnv): string | undefined {
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
