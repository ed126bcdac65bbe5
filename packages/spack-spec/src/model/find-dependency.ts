// Finds a dependency of a spec by name, as `spec["name"]` does in Spack.

import { dependencyFlags } from "./dependency-types.js";
import type { Spec } from "./spec.js";
import { selectEdges, walkBreadthFirst } from "./walk.js";

/**
 * The dependency of `spec` that has this name or provides this virtual package: among its direct build and test
 * dependencies, then itself, then among all link and run dependencies (`spack/spec.py: Spec.__getitem__`).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { findDependency, parseSpecDocument, specOfNode } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(findDependency(specOfNode(graph, root), "json-c-lite")?.name); // json-c-lite
 * ```
 */
export function findDependency(spec: Spec, name: string): Spec | undefined {
  const matches = (found: Spec, virtuals: readonly string[]) =>
    found.name === name || virtuals.includes(name);
  const built = selectEdges(spec, dependencyFlags("build", "test")).find((edge) =>
    matches(edge.spec, edge.virtuals),
  );
  if (built !== undefined) return built.spec;
  const steps = walkBreadthFirst([spec], { flags: dependencyFlags("link", "run"), cover: "edges" });
  return steps.find((step) => matches(step.spec, step.edge?.virtuals ?? []))?.spec;
}
