// A repository that is read through a site's pull-through caches; writes go to the repository itself.

import { isSpackOciError, type SpackOciError } from "@spack-oci/errors";
import type {
  ManifestFetcher,
  Mounter,
  RangeReader,
  ReferrerLister,
  RequestOptions,
  TagLister,
  Target,
} from "../storage/target.js";
import type { RemoteRepository } from "./remote-repository.js";

/** Receives the name of a pull-through cache that is skipped, and why; not called for content that it does not have. */
export type CacheFailure = (name: string, error: SpackOciError) => void;

type ReadableThrough = Target & TagLister & ManifestFetcher & Mounter & ReferrerLister & RangeReader;

/**
 * Asks the caches in their order, and the repository itself last. The first answer is used, and content is verified
 * wherever it comes from. A cache that cannot be reached is not asked again.
 */
export function readThrough(
  upstream: RemoteRepository,
  caches: readonly RemoteRepository[],
  onFailure: CacheFailure = () => {},
): ReadableThrough {
  const reachable = new Set(caches);

  /** The first answer that is not undefined. */
  async function read<T>(
    ask: (from: RemoteRepository) => Promise<T>,
    options: RequestOptions = {},
  ): Promise<NonNullable<T>> {
    for (const cache of reachable) {
      try {
        const answer = await ask(cache);
        if (answer !== undefined) return answer as NonNullable<T>;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isSpackOciError(error) || error.kind === "usage") throw error;
        if (error.kind === "not-found") continue;
        if (error.kind === "unreachable") reachable.delete(cache);
        onFailure(cache.name, error);
      }
    }
    return (await ask(upstream)) as NonNullable<T>;
  }

  return {
    name: upstream.name,
    host: upstream.host,
    repository: upstream.repository,
    cache: upstream.cache,
    resolve: (reference, options) => read((from) => from.resolve(reference, options), options),
    fetchManifestBytes: (reference, options) =>
      read((from) => from.fetchManifestBytes(reference, options), options),
    fetch: (descriptor, options) => read((from) => from.fetch(descriptor, options), options),
    // From a cache, undefined means that the next one is asked; from the repository itself, it is the answer.
    readRange: (descriptor, range, options) =>
      read<Buffer | undefined>((from) => from.readRange(descriptor, range, options), options),
    exists: async (descriptor, options) => {
      const found = await read(async (from) => {
        const exists = await from.exists(descriptor, options);
        return exists || from === upstream ? exists : undefined;
      }, options);
      return found === true;
    },
    async *tags(options) {
      const { first, rest } = await read(async (from) => {
        const iterator = from.tags(options)[Symbol.asyncIterator]();
        return { first: await iterator.next(), rest: iterator };
      }, options);
      for (let item = first; item.done !== true; item = await rest.next()) yield item.value;
    },
    // Caches only hold what somebody asked for, so their lists of referrers are incomplete.
    referrers: (subject, options) => upstream.referrers(subject, options),
    push: (descriptor, body, options) => upstream.push(descriptor, body, options),
    tag: (descriptor, tag, options) => upstream.tag(descriptor, tag, options),
    mount: (descriptor, repository, options) => upstream.mount(descriptor, repository, options),
  };
}
