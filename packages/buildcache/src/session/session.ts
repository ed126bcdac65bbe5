// Resolves the user's context: which Spack instance applies, what mirror names mean, where stores are.

import type { CacheDirectory } from "@spack-oci/oci-client";
import type { Listener } from "../events/events.js";
import { blobCache } from "./blob-cache.js";
import { type ConnectionSettings, connectionSettings } from "./connection-settings.js";
import { MirrorOpener } from "./mirror-opener.js";
import type { RegistryOptions } from "./open-mirror.js";
import { type FindSpackOptions, SpackLocator } from "./spack-locator.js";
import { StoreOpener } from "./store-opener.js";

/** The user's own choices about the context. */
export interface SessionOptions extends FindSpackOptions {
  /** How registries are accessed. */
  readonly registries?: RegistryOptions | undefined;
  readonly listener?: Listener | undefined;
}

/** One run in its context. The Spack instance is located when it is first needed. */
export interface Session {
  readonly environmentVariables: NodeJS.ProcessEnv;
  readonly spack: SpackLocator;
  readonly mirrors: MirrorOpener;
  readonly stores: StoreOpener;
  /** Cached content of earlier runs, such as package indexes and configs; undefined if caching is off. */
  readonly cache: CacheDirectory | undefined;
  /** For a client that talks to a registry without a buildcache. */
  readonly connectionSettings: () => ConnectionSettings;
}

/**
 * What a program works with: a Spack if there is one, its configuration, mirrors and stores.
 *
 * @example
 * ```ts
 * import { createScheduler, list, openSession } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const { packages } = await list(mirror, { specs: [] }, { run: { scheduler: createScheduler(4) } });
 * console.log(packages.length); // 20
 * ```
 */
export function openSession({ registries, listener, ...options }: SessionOptions): Session {
  const { environmentVariables } = options;
  const spack = new SpackLocator(options, listener);
  const warned = new Set<string>();
  const onWarning = (place: string, text: string) => {
    const message = `${place}: ${text}`;
    if (!warned.has(message)) listener?.({ type: "warning", message, place });
    warned.add(message);
  };
  const registryOptions = { onWarning, ...registries };
  const cache = blobCache(environmentVariables, undefined);
  return {
    environmentVariables,
    spack,
    mirrors: new MirrorOpener(environmentVariables, spack, { ...registryOptions, cache }),
    stores: new StoreOpener(spack, listener),
    cache,
    connectionSettings: () => connectionSettings(environmentVariables, spack.configuration, registryOptions),
  };
}
