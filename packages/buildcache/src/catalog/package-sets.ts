// Computes which packages a request includes, and which of those no other one depends on.

import {
  ALL_DEPENDENCY_TYPES,
  isRuntimeDependency,
  postOrder,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";

/** How much of the graph below the roots to include. */
export interface WantedOptions {
  /** Only the roots, or only their dependencies; both by default. */
  readonly only?: "package" | "dependencies" | undefined;
  /** Whether to include build dependencies; true by default. */
  readonly withBuildDependencies?: boolean | undefined;
}

/**
 * The types of edges that a request without build dependencies follows (Spack: cmd/buildcache.py,
 * `_specs_to_be_packaged`).
 */
const OTHER_THAN_BUILD = ["link", "run", "test"] as const;

/** Dependencies before dependents, without externals. */
export function wantedPackages(
  graph: SpecGraph,
  roots: readonly string[],
  { only, withBuildDependencies = true }: WantedOptions,
): readonly SpecNode[] {
  const isRoot = new Set(roots);
  const isIncluded = ({ hash }: SpecNode) => only === undefined || isRoot.has(hash) === (only === "package");
  const deptypes = withBuildDependencies ? ALL_DEPENDENCY_TYPES : OTHER_THAN_BUILD;
  return postOrder(graph, roots, { deptypes }).filter(
    (node) => node.external === undefined && isIncluded(node),
  );
}

/** The packages that a request includes. */
export interface WantedPackages {
  readonly graph: SpecGraph;
  /** DAG hashes of the requested packages. */
  readonly roots: readonly string[];
  /** As `wantedPackages` returns them. */
  readonly wanted: readonly SpecNode[];
}

/** Run-time dependencies of the roots that no source has. Missing build dependencies are not reported. */
export function absentAtRunTime(
  { graph, roots, wanted }: WantedPackages,
  isAvailable: (node: SpecNode) => boolean,
): readonly SpecNode[] {
  const runtime = new Set(runtimeClosure(graph, roots).map(({ hash }) => hash));
  return wanted.filter((node) => runtime.has(node.hash) && !isAvailable(node));
}

/** The DAG hashes of those packages that no other one links or runs with. */
export function withoutDependents(graph: SpecGraph, wanted: ReadonlySet<string>): Set<string> {
  const needed = new Set<string>();
  for (const hash of wanted) {
    for (const edge of graph.get(hash)?.dependencies ?? []) {
      if (isRuntimeDependency(edge)) needed.add(edge.hash);
    }
  }
  return new Set([...wanted].filter((hash) => !needed.has(hash)));
}
