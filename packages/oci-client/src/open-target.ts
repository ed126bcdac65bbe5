// Opens the target at a location.

import { defaultCredentials } from "./credentials/default-credentials.js";
import { ImageLayout } from "./layout/image-layout.js";
import { type Location, parseLocation, type RegistryLocation } from "./reference/location.js";
import { type CacheFailure, readThrough } from "./remote/pull-through.js";
import { RemoteRepository } from "./remote/remote-repository.js";
import type { ContentCache } from "./storage/content-cache.js";
import type { TagLister, Target } from "./storage/target.js";
import { createRegistryClient, type RegistryClient } from "./transport/client.js";

/** Options of {@link openTarget}. */
export interface OpenOptions {
  readonly client?: RegistryClient;
  /** Keeps small content of a registry between runs. */
  readonly cache?: ContentCache | undefined;
  /**
   * Pull-through caches of the registry: `oci://HOST/PATH` or `oci+http://HOST/PATH`, to which the repository's name is
   * appended. All reads go to them first. Use them only for targets that are not written to: content that a cache has
   * may be missing from the registry.
   */
  readonly pullThroughCaches?: readonly string[];
  /** Called for each pull-through cache that is skipped. */
  readonly onCacheFailure?: CacheFailure;
}

/**
 * Opens a location, or the text of one: `oci://host/path`, `oci+http://host/path`, `oci-layout:DIRECTORY`. Nothing
 * is requested or created yet. Without a `client`, a registry gets a new one with {@link defaultCredentials}; to open
 * several targets, share one client, and with it connections, tokens and the load of each host.
 *
 * @throws SpackOciError of kind `usage` if the text is not a location.
 *
 * @example
 * ```ts
 * import { openTarget } from "@spack-oci/oci-client";
 *
 * const target = openTarget("oci-layout:buildcache");
 * for await (const tag of target.tags()) if (tag.startsWith("margo")) console.log(tag);
 * ```
 */
export function openTarget(location: Location | string, options: OpenOptions = {}): Target & TagLister {
  const parsed = typeof location === "string" ? parseLocation(location) : location;
  if (parsed.kind === "layout") return new ImageLayout(parsed.directory);
  const client = options.client ?? createRegistryClient({ credentials: defaultCredentials() });
  const repository = new RemoteRepository(parsed, client, options.cache);
  const { pullThroughCaches = [], onCacheFailure } = options;
  if (pullThroughCaches.length === 0) return repository;
  const open = (cache: string) => new RemoteRepository(locationBelow(cache, parsed.repository), client);
  return readThrough(repository, pullThroughCaches.map(open), onCacheFailure);
}

/** The location of a repository on a pull-through cache, which is a host or a path on one. */
function locationBelow(cache: string, repository: string): RegistryLocation {
  return parseLocation(`${cache.replace(/\/+$/, "")}/${repository}`) as RegistryLocation;
}
