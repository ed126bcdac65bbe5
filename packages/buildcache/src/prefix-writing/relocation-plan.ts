// Decides what the paths in a package become in the store.

import { type SpecGraph, type SpecNode, specsToRelocate } from "@spack-oci/spack-spec";
import type { Store } from "@spack-oci/spack-store";
import type { relocationMap } from "@spack-oci/spack-tarball";

/** The store, and the prefixes of a package and of those that it may refer to. */
export type RelocationPlan = Parameters<typeof relocationMap>[1];

export interface PlanContext {
  readonly store: Store;
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
}

export function planRelocation(node: SpecNode, { store, graph, prefixOf }: PlanContext): RelocationPlan {
  const known = specsToRelocate(graph, node);
  return {
    root: store.root,
    sbangInstallPath: store.sbangPath,
    prefixes: new Map(known.map((other) => [other.hash, prefixOf(other)])),
  };
}
