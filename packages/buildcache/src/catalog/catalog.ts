// Lists what can be pulled from a buildcache: its package index, or its tags if it has none.

import type { Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { isOutOfReach } from "../failures/failure.js";
import { readIndexImage, resolveIndex } from "../package-index/read-index.js";
import { packageTags, type SkippedTag, scanTags } from "../package-index/scan-tags.js";
import { resolveVerifiedIndex } from "../package-index/verified-index.js";
import type { Buildcache, Run } from "../schedule/run.js";

/** The packages of a buildcache, and the graph they are part of. */
export interface Catalog {
  /** Packages with a binary. */
  readonly packages: readonly SpecNode[];
  /** All specs, including build dependencies and externals. */
  readonly graph: SpecGraph;
  /** Whether this comes from the package index, which may be older than the tags. */
  readonly indexed: boolean;
  /** Tags that could not be read. */
  readonly unreadable: readonly SkippedTag[];
}

/** Merges catalogs; a package in several of them counts once. */
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
 * Reads the package index, or every tag if the buildcache has no index.
 *
 * @param options.inspect only to describe packages: the index need not be signed
 * @throws SpackOciError also if a single tag is unreachable: an incomplete catalog would report existing packages as
 *   missing
 */
export async function readCatalog(
  target: Buildcache,
  run: Run,
  { inspect = false }: { readonly inspect?: boolean | undefined } = {},
): Promise<Catalog> {
  const resolve = inspect ? resolveIndex : resolveVerifiedIndex;
  const image = await resolve(target, run.signal);
  if (image !== undefined) {
    const { packages, graph } = await readIndexImage(target, image, run.signal);
    run.keepNames?.(target.name, { digest: image.digest, packages });
    return { packages, graph, indexed: true, unreadable: [] };
  }
  // Listing tags first, because a location without any buildcache must fail rather than be reported as lacking an
  // index.
  const tags = await packageTags(target, run.signal);
  run.listener?.({
    type: "warning",
    message: `${target.name} has no package index, so every tag is read. Run "spack-oci update-index" to write one.`,
  });
  const nothing: Catalog = { packages: [], graph: new Map(), indexed: false, unreadable: [] };
  return extendCatalog(nothing, { target, tags }, run);
}

/** Adds the packages of some tags to a catalog that lacks them. */
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
      message: `${tag} is left out: ${error.message}`,
      place: error.place,
    });
  return {
    ...catalog,
    graph: new Map([...graph, ...catalog.graph]),
    packages: [...catalog.packages, ...roots.values()],
    unreadable: [...catalog.unreadable, ...skipped],
  };
}
