// Finds the directory that caches indexes and configs between runs.

import { CacheDirectory } from "@spack-oci/oci-client";
import type { UserConfiguration } from "@spack-oci/spack-config";
import { cachePlace } from "./cache-place.js";

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
  const directory = cachePlace(environment);
  if (directory === undefined) return undefined;
  const sourceCache = configured?.configuration.get("config:source_cache");
  const spacks = sourceCache?.kind === "scalar" ? configured?.canonicalize(sourceCache) : undefined;
  return new CacheDirectory(directory, { alsoRead: spacks === undefined ? [] : [spacks] });
}
