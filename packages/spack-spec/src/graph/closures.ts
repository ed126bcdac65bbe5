// The sets of specs that belong to a spec: those its binary refers to, those it needs to run, and all of them.

import type { SpecDependency, SpecGraph, SpecNode } from "../model/node.js";
import { breadthFirst, preOrder, sortedDependencies, topological } from "./traversal.js";

/**
 * The specs whose prefixes may appear in the files of `root`: itself and all link dependencies, breadth first, then its
 * direct run dependencies; each once and without externals (`specs_to_relocate` in `spack/binary_distribution.py`).
 * Their order is the priority of replacements during relocation.
 */
export function specsToRelocate(graph: SpecGraph, root: SpecNode): readonly SpecNode[] {
  const linked = breadthFirst(graph, [root.hash], { deptypes: ["link"] });
  const run = sortedDependencies(graph, root, ["run"]).map((edge) => graph.get(edge.hash) as SpecNode);
  const found = new Map([...linked, ...run].map((node) => [node.hash, node]));
  return [...found.values()].filter((node) => node.external === undefined);
}

/**
 * Whether a dependency is needed at run time, not only to build.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { isRuntimeDependency, parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(root.dependencies.filter(isRuntimeDependency).some(({ name }) => name === "gcc")); // false
 * ```
 */
export function isRuntimeDependency({ deptypes }: SpecDependency): boolean {
  return deptypes.includes("link") || deptypes.includes("run");
}

/**
 * `roots` and everything they need at run time, externals included, dependents first; the reverse is the order of an
 * image's layers.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, runtimeClosure } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * const names = runtimeClosure(graph, [root.hash]).map(({ name }) => name);
 * console.log(names.includes("json-c-lite"), names.includes("build-tool-lite")); // true false
 * ```
 */
export function runtimeClosure(graph: SpecGraph, roots: readonly string[]): readonly SpecNode[] {
  return topological(graph, roots, { deptypes: ["link", "run"] });
}

/**
 * `roots` and all their dependencies, including build and test dependencies, in pre-order.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { fullClosure, parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(fullClosure(graph, [root.hash]).some(({ name }) => name === "build-tool-lite")); // true
 * ```
 */
export function fullClosure(graph: SpecGraph, roots: readonly string[]): readonly SpecNode[] {
  return preOrder(graph, roots);
}
