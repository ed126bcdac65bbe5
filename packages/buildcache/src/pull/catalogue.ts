// What can be pulled from a buildcache: its index, or its tags where it has none.

import type { Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-store";
import type { Listener } from "../events.js";
import { readIndex } from "../index/read-index.js";
import { scanTags } from "../index/scan-tags.js";
import type { Scheduler } from "../schedule/scheduler.js";

/** The packages of a buildcache, and the graph that they stand in. */
export interface Catalogue {
  /** Those that have a binary. */
  readonly packages: readonly SpecNode[];
  /** All of them, with their build dependencies and externals. */
  readonly graph: SpecGraph;
}

export interface CatalogueOptions {
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the index; a buildcache that was never indexed is read tag by tag. */
export async function readCatalogue(
  target: Target,
  scheduler: Scheduler,
  options: CatalogueOptions = {},
): Promise<Catalogue> {
  const index = await readIndex(target, options.signal);
  if (index !== undefined) {
    const { records, graph } = index.document;
    const packages = [...records.values()]
      .filter((record) => record.inBuildcache)
      .map((record) => record.spec);
    return { packages, graph };
  }
  options.listener?.({
    type: "warning",
    message: `${target.name} has no index, so each of its tags is read. "spack-oci update-index" writes one.`,
  });
  const { specs, skipped } = await scanTags(target, scheduler, new Map(), options.signal);
  for (const { tag, error } of skipped) {
    options.listener?.({
      type: "warning",
      message: `${tag} is not listed: ${error.message}`,
      place: error.place,
    });
  }
  const graph = new Map<string, SpecNode>();
  for (const document of specs) for (const [hash, node] of document.graph) graph.set(hash, node);
  return { packages: specs.map((document) => document.root), graph };
}
