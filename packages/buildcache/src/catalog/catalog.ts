// What can be pulled from a buildcache: its index, or its tags where it has none.

import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { Listener } from "../events/events.js";
import { isOutOfReach } from "../failures/failure.js";
import { packagesIn, readIndex } from "../package-index/read-index.js";
import { packageTags, type SkippedTag, scanTags } from "../package-index/scan-tags.js";
import type { Scheduler } from "../schedule/scheduler.js";

/** The packages of a buildcache, and the graph that they stand in. */
export interface Catalogue {
  /** Those that have a binary. */
  readonly packages: readonly SpecNode[];
  /** All of them, with their build dependencies and externals. */
  readonly graph: SpecGraph;
  /** Whether this is what an index says, which may be older than the tags. */
  readonly indexed: boolean;
  /** Tags that could not be read. */
  readonly unreadable: readonly SkippedTag[];
}

/** Several catalogues as one; a package that is in more than one counts once. */
export function mergeCatalogues(catalogues: readonly Catalogue[]): Catalogue {
  const [only, ...others] = catalogues;
  if (only !== undefined && others.length === 0) return only;
  const packages = new Map(
    catalogues.flatMap((each) => each.packages.map((node): [string, SpecNode] => [node.hash, node])),
  );
  return {
    packages: [...packages.values()],
    graph: new Map(catalogues.flatMap(({ graph }) => [...graph])),
    indexed: catalogues.some(({ indexed }) => indexed),
    unreadable: catalogues.flatMap(({ unreadable }) => unreadable),
  };
}

export interface CatalogueOptions {
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the index; a buildcache that was never indexed is read tag by tag.
 *
 * @throws SpackOciError also where a single tag is out of reach: an incomplete catalogue would call packages missing
 */
export async function readCatalogue(
  target: Target & TagLister,
  scheduler: Scheduler,
  options: CatalogueOptions = {},
): Promise<Catalogue> {
  const index = await readIndex(target, options.signal);
  if (index !== undefined) {
    return { packages: packagesIn(index), graph: index.graph, indexed: true, unreadable: [] };
  }
  // What is no buildcache at all is told as that, and not as one without an index.
  const tags = await packageTags(target, options.signal);
  options.listener?.({
    type: "warning",
    message: `${target.name} has no index, so each of its tags is read. "spack-oci update-index" writes one.`,
  });
  const nothing: Catalogue = { packages: [], graph: new Map(), indexed: false, unreadable: [] };
  return extendCatalogue(nothing, target, scheduler, tags, options);
}

/** The catalogue with the packages of some tags that it does not have. */
export async function extendCatalogue(
  catalogue: Catalogue,
  target: Target,
  scheduler: Scheduler,
  tags: readonly string[],
  { listener, signal }: CatalogueOptions,
): Promise<Catalogue> {
  const { roots, graph, skipped } = await scanTags(target, scheduler, tags, signal);
  const outOfReach = skipped.find(({ error }) => isOutOfReach(error));
  if (outOfReach !== undefined) throw outOfReach.error;
  for (const { tag, error } of skipped)
    listener?.({ type: "warning", message: `${tag} is not listed: ${error.message}`, place: error.place });
  return {
    ...catalogue,
    graph: new Map([...graph, ...catalogue.graph]),
    packages: [...catalogue.packages, ...roots.values()],
    unreadable: [...catalogue.unreadable, ...skipped],
  };
}
