// What can be pulled from a buildcache: its index, or its tags where it has none.

import type { Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { isOutOfReach } from "../failures/failure.js";
import { packagesIn, readIndex } from "../package-index/read-index.js";
import { packageTags, type SkippedTag, scanTags } from "../package-index/scan-tags.js";
import type { Buildcache, Run } from "../schedule/run.js";

/** The packages of a buildcache, and the graph that they stand in. */
export interface Catalog {
  /** Those that have a binary. */
  readonly packages: readonly SpecNode[];
  /** All of them, with their build dependencies and externals. */
  readonly graph: SpecGraph;
  /** Whether this is what an index says, which may be older than the tags. */
  readonly indexed: boolean;
  /** Tags that could not be read. */
  readonly unreadable: readonly SkippedTag[];
}

/** Several catalogs as one; a package that is in more than one counts once. */
export function mergeCatalogs(catalogs: readonly Catalog[]): Catalog {
  const [only, ...others] = catalogs;
  if (only !== undefined && others.length === 0) return only;
  const packages = new Map(
    catalogs.flatMap((each) => each.packages.map((node): [string, SpecNode] => [node.hash, node])),
  );
  return {
    packages: [...packages.values()],
    graph: new Map(catalogs.flatMap(({ graph }) => [...graph])),
    indexed: catalogs.some(({ indexed }) => indexed),
    unreadable: catalogs.flatMap(({ unreadable }) => unreadable),
  };
}

/**
 * Reads the index; a buildcache that was never indexed is read tag by tag.
 *
 * @throws SpackOciError also where a single tag is out of reach: an incomplete catalog would call packages missing
 */
export async function readCatalog(target: Buildcache, run: Run): Promise<Catalog> {
  const index = await readIndex(target, run.signal);
  if (index !== undefined) {
    return { packages: packagesIn(index), graph: index.graph, indexed: true, unreadable: [] };
  }
  // What is no buildcache at all is told as that, and not as one without an index.
  const tags = await packageTags(target, run.signal);
  run.listener?.({
    type: "warning",
    message: `${target.name} has no index, so each of its tags is read. "spack-oci update-index" writes one.`,
  });
  const nothing: Catalog = { packages: [], graph: new Map(), indexed: false, unreadable: [] };
  return extendCatalog(nothing, { target, tags }, run);
}

/** The catalog with the packages of some tags that it does not have. */
export async function extendCatalog(
  catalog: Catalog,
  { target, tags }: { readonly target: Target; readonly tags: readonly string[] },
  run: Run,
): Promise<Catalog> {
  const { roots, graph, skipped } = await scanTags(target, tags, run);
  const outOfReach = skipped.find(({ error }) => isOutOfReach(error));
  if (outOfReach !== undefined) throw outOfReach.error;
  for (const { tag, error } of skipped)
    run.listener?.({
      type: "warning",
      message: `${tag} is not listed: ${error.message}`,
      place: error.place,
    });
  return {
    ...catalog,
    graph: new Map([...graph, ...catalog.graph]),
    packages: [...catalog.packages, ...roots.values()],
    unreadable: [...catalog.unreadable, ...skipped],
  };
}
