// Which dependencies of a package its module file loads or requires.

import {
  dependencyEdges,
  dependencyFlags,
  type SpecGraph,
  type SpecNode,
  specOfNode,
  topological,
} from "@spack-oci/spack-spec";

/** Which dependencies: `none`, `run`, `direct` (link and run), or `all` (the same, transitively). */
export type DependencyRequest = "none" | "run" | "direct" | "all";

/** The dependencies in Spack's order (Spack: modules/common.py, `dependencies`). */
export function requestedDependencies(
  graph: SpecGraph,
  node: SpecNode,
  request: DependencyRequest,
): readonly SpecNode[] {
  switch (request) {
    case "none":
      return [];
    case "run":
      return directDependencies(graph, node, dependencyFlags("run"));
    case "direct":
      return directDependencies(graph, node, dependencyFlags("link", "run"));
    case "all":
      return topological(graph, [node.hash], { deptypes: ["link", "run"] }).filter(
        ({ hash }) => hash !== node.hash,
      );
  }
}

function directDependencies(graph: SpecGraph, node: SpecNode, flags: number): SpecNode[] {
  return dependencyEdges(specOfNode(graph, node))
    .filter((edge) => (edge.flags & flags) !== 0)
    .flatMap(({ spec }) => spec.node ?? []);
}
