// Walks spec graphs in Spack's orders, which determine layer order, file contents and relocation priorities.

import { ALL_DEPENDENCY_TYPES, type DependencyType, dependencyFlags } from "../model/dependency-types.js";
import type { SpecDependency, SpecGraph, SpecNode } from "../model/node.js";
import { compareCodePoints, compareSequences } from "../text/compare.js";

/** Which edges to follow; all of them by default. */
export interface TraversalOptions {
  readonly deptypes?: readonly DependencyType[];
}

/**
 * Direct dependencies by the given types, in the order in which Spack visits them: by name, then by types, then by
 * virtuals (`sort_edges` in `spack/traverse.py`). Edges to nodes outside the graph are skipped.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, sortedDependencies } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(sortedDependencies(graph, root, ["run"]).length); // 0
 * console.log(sortedDependencies(graph, root, ["link"])[0]?.name); // argobots-lite
 * ```
 */
export function sortedDependencies(
  graph: SpecGraph,
  node: SpecNode,
  deptypes: readonly DependencyType[] = ALL_DEPENDENCY_TYPES,
): readonly SpecDependency[] {
  return node.dependencies
    .filter((edge) => graph.has(edge.hash) && edge.deptypes.some((type) => deptypes.includes(type)))
    .sort((a, b) => compareEdges(a, b));
}

/**
 * Nodes reachable from `roots`, each once, nearest first (`order="breadth"`).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { breadthFirst, parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(breadthFirst(graph, [root.hash]).length === graph.size); // true
 * ```
 */
export function breadthFirst(
  graph: SpecGraph,
  roots: readonly string[],
  options: TraversalOptions = {},
): readonly SpecNode[] {
  const found = new Map<string, SpecNode>();
  const queue = [...roots];
  for (let hash = queue.shift(); hash !== undefined; hash = queue.shift()) {
    const node = graph.get(hash);
    if (node === undefined || found.has(hash)) continue;
    found.set(hash, node);
    for (const edge of sortedDependencies(graph, node, options.deptypes)) queue.push(edge.hash);
  }
  return [...found.values()];
}

/**
 * Nodes reachable from `roots`, each once, depth first, a node before its dependencies (`order="pre"`).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, preOrder } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(preOrder(graph, [root.hash], { deptypes: ["link"] }).map(({ name }) => name)[0]); // margo-lite
 * ```
 */
export function preOrder(
  graph: SpecGraph,
  roots: readonly string[],
  options: TraversalOptions = {},
): readonly SpecNode[] {
  const found: SpecNode[] = [];
  depthFirst(graph, roots, { ...options, before: (node) => found.push(node) });
  return found;
}

/**
 * Nodes reachable from `roots`, each once, depth first, a node after its dependencies (`order="post"`).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, postOrder } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(postOrder(graph, [root.hash]).at(-1)?.name); // margo-lite
 * ```
 */
export function postOrder(
  graph: SpecGraph,
  roots: readonly string[],
  options: TraversalOptions = {},
): readonly SpecNode[] {
  const found: SpecNode[] = [];
  depthFirst(graph, roots, { ...options, after: (node) => found.push(node) });
  return found;
}

/**
 * Nodes reachable from `roots`, each once, every dependent before its dependencies, otherwise breadth first
 * (`order="topo"`: `traverse_topo_edges_generator` in `spack/traverse.py`).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, topological } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * const names = topological(graph, [root.hash]).map(({ name }) => name);
 * console.log(names.indexOf("mercury-lite") < names.indexOf("libfabric-lite")); // true
 * ```
 */
export function topological(
  graph: SpecGraph,
  roots: readonly string[],
  options: TraversalOptions = {},
): readonly SpecNode[] {
  const edgesIn = new Map<string, number>();
  const children = new Map<string | undefined, readonly string[]>([[undefined, roots]]);
  const count = (hashes: readonly string[]) => {
    for (const hash of hashes) edgesIn.set(hash, (edgesIn.get(hash) ?? 0) + 1);
  };
  count(roots);
  for (const node of breadthFirst(graph, roots, options)) {
    const hashes = sortedDependencies(graph, node, options.deptypes).map((edge) => edge.hash);
    children.set(node.hash, hashes);
    count(hashes);
  }

  const found: SpecNode[] = [];
  const queue: (string | undefined)[] = [undefined];
  while (queue.length > 0) {
    for (const hash of children.get(queue.shift()) ?? []) {
      const remaining = (edgesIn.get(hash) ?? 0) - 1;
      edgesIn.set(hash, remaining);
      const node = graph.get(hash);
      if (remaining > 0 || node === undefined) continue;
      found.push(node);
      queue.push(hash);
    }
  }
  return found;
}

interface Visitor extends TraversalOptions {
  readonly before?: (node: SpecNode) => void;
  readonly after?: (node: SpecNode) => void;
}

function depthFirst(graph: SpecGraph, roots: readonly string[], { deptypes, before, after }: Visitor): void {
  const seen = new Set<string>();
  const visit = (hash: string): void => {
    const node = graph.get(hash);
    if (node === undefined || seen.has(hash)) return;
    seen.add(hash);
    before?.(node);
    for (const edge of sortedDependencies(graph, node, deptypes)) visit(edge.hash);
    after?.(node);
  };
  for (const root of roots) visit(root);
}

function compareEdges(a: SpecDependency, b: SpecDependency): number {
  return (
    compareCodePoints(a.name, b.name) ||
    dependencyFlags(...a.deptypes) - dependencyFlags(...b.deptypes) ||
    compareSequences(a.virtuals, b.virtuals, compareCodePoints) ||
    Number(a.direct) - Number(b.direct)
  );
}
