// The sets of specs that belong to one spec: what its binary names, what it needs to run, what built it.

import type { SpecDependency, SpecGraph, SpecNode } from "../model/node.js";
import { breadthFirst, preOrder, sortedDependencies, topological } from "./traversal.js";

/**
 * The specs whose prefixes may stand in the files of `root`: itself and all link dependencies breadth first, then its
 * direct run dependencies, each once, externals left out (`specs_to_relocate` in `spack/binary_distribution.py`).
 * Their order is the priority of replacements when a package is relocated.
 */
export function specsToRelocate(graph: SpecGraph, root: SpecNode): readonly SpecNode[] {
  const linked = breadthFirst(graph, [root.hash], { deptypes: ["link"] });
  const run = sortedDependencies(graph, root, ["run"]).map((edge) => graph.get(edge.hash) as SpecNode);
  const found = new Map([...linked, ...run].map((node) => [node.hash, node]));
  return [...found.values()].filter((node) => node.external === undefined);
}

/** Whether a dependency is needed to run, and not to build alone. */
export function isRuntimeDependency({ deptypes }: SpecDependency): boolean {
  return deptypes.includes("link") || deptypes.includes("run");
}

/**
 * Everything that `roots` need to run, themselves included, dependents first: the reverse is the order of the layers
 * of an image. Externals are in it.
 */
export function runtimeClosure(graph: SpecGraph, roots: readonly string[]): readonly SpecNode[] {
  return topological(graph, roots, { deptypes: ["link", "run"] });
}

/** Everything below `roots`, build and test dependencies too, themselves included, in pre-order. */
export function fullClosure(graph: SpecGraph, roots: readonly string[]): readonly SpecNode[] {
  return preOrder(graph, roots);
}
