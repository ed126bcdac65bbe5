// Which packages a request takes along, and which of them nothing else needs.

import {
  ALL_DEPENDENCY_TYPES,
  isRuntimeDependency,
  postOrder,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";

/** How much to take of what is below the roots. */
export interface WantedOptions {
  /** Only the roots, or only their dependencies; both by default. */
  readonly only?: "package" | "dependencies" | undefined;
  /** Include build dependencies; true by default. */
  readonly withBuildDependencies?: boolean | undefined;
}

/** Dependencies before dependents, externals left out. */
export function wantedPackages(
  graph: SpecGraph,
  roots: readonly string[],
  { only, withBuildDependencies = true }: WantedOptions,
): readonly SpecNode[] {
  const isRoot = new Set(roots);
  const isAsked = ({ hash }: SpecNode) => only === undefined || isRoot.has(hash) === (only === "package");
  const deptypes = withBuildDependencies ? ALL_DEPENDENCY_TYPES : (["link", "run"] as const);
  return postOrder(graph, roots, { deptypes }).filter((node) => node.external === undefined && isAsked(node));
}

/** Packages that a request takes along. */
export interface WantedPackages {
  readonly graph: SpecGraph;
  /** DAG hashes of the packages that were asked for. */
  readonly roots: readonly string[];
  /** As `wantedPackages` returns them. */
  readonly wanted: readonly SpecNode[];
}

/** What the roots run with and no source has; a build dependency may be missing. */
export function absentAtRunTime(
  { graph, roots, wanted }: WantedPackages,
  isAvailable: (node: SpecNode) => boolean,
): readonly SpecNode[] {
  const runtime = new Set(runtimeClosure(graph, roots).map(({ hash }) => hash));
  return wanted.filter((node) => runtime.has(node.hash) && !isAvailable(node));
}

/** Those of the packages, by DAG hash, that no other of them links or runs with. */
export function withoutDependents(graph: SpecGraph, wanted: ReadonlySet<string>): Set<string> {
  const needed = new Set<string>();
  for (const hash of wanted) {
    for (const edge of graph.get(hash)?.dependencies ?? []) {
      if (isRuntimeDependency(edge)) needed.add(edge.hash);
    }
  }
  return new Set([...wanted].filter((hash) => !needed.has(hash)));
}
