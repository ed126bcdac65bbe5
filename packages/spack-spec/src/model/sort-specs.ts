// The order in which Spack lists specs.

import { compareCodePoints, compareSequences } from "../text/compare.js";
import { pythonText } from "../text/python-text.js";
import { compareVersionLists } from "../versions/order.js";
import type { Architecture } from "./architecture.js";
import type { CompilerFlags } from "./compiler-flags.js";
import { specOfNode } from "./concrete-specs.js";
import type { SpecGraph, SpecNode } from "./node.js";
import type { DependencyEdge, Spec } from "./spec.js";
import type { VariantValue } from "./variant.js";
import { sortedVariants } from "./variant.js";
import { sortedEdges, walkBreadthFirst } from "./walk.js";

/**
 * Negative if `left` is listed before `right`: by name, namespace, version, variants, flags, architecture and package,
 * then by those of the dependencies (`spack/spec.py: Spec._cmp_iter`).
 */
function compareSpecs(left: Spec, right: Spec): number {
  if (left === right || (left.node !== undefined && left.node.hash === right.node?.hash)) return 0;
  const order = compareNodes(left, right);
  if (order !== 0) return order;
  const [own, other] = [known(shapes, left, shapeOf), known(shapes, right, shapeOf)];
  return (
    compareSequences(own.nodes, other.nodes, compareNodes) ||
    compareSequences(own.edges, other.edges, compareEdges)
  );
}

/** `specs` in Spack's order. */
export function sortSpecs<T extends Spec>(specs: Iterable<T>): readonly T[] {
  return [...specs].sort(compareSpecs);
}

/**
 * `nodes` of a graph in Spack's order.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, sortNodes } from "@spack-oci/spack-spec";
 *
 * const { graph } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(sortNodes(graph, graph.values())[0]?.name); // argobots-lite
 * ```
 */
export function sortNodes(graph: SpecGraph, nodes: Iterable<SpecNode>): readonly SpecNode[] {
  const specs = new Map([...nodes].map((node) => [specOfNode(graph, node), node]));
  return sortSpecs(specs.keys()).map((spec) => specs.get(spec) as SpecNode);
}

interface NumberedEdge {
  readonly parent: number;
  readonly child: number;
  readonly edge: DependencyEdge;
}

interface Shape {
  readonly nodes: readonly Spec[];
  readonly edges: readonly NumberedEdge[];
}

/** What is computed once for each spec, because sorting compares each with many others. */
const shapes = new WeakMap<Spec, Shape>();
const texts = new WeakMap<CompilerFlags, readonly string[]>();

function known<K extends object, V>(cache: WeakMap<K, V>, key: K, compute: (key: K) => V): V {
  const found = cache.get(key);
  if (found !== undefined) return found;
  const computed = compute(key);
  cache.set(key, computed);
  return computed;
}

/** The nodes below `spec`, nearest first, and all edges by the numbers of their nodes. */
function shapeOf(spec: Spec): Shape {
  const direct = sortedEdges(spec);
  const below = walkBreadthFirst(
    direct.map((edge) => edge.spec),
    { cover: "edges" },
  ).flatMap(({ edge }) => (edge === undefined ? [] : [edge]));
  const numbers = new Map<Spec, number>([[spec, 0]]);
  const edges = [...direct, ...below].map((edge) => {
    if (!numbers.has(edge.spec)) numbers.set(edge.spec, numbers.size);
    return { parent: numbers.get(edge.parent) ?? 0, child: numbers.get(edge.spec) ?? 0, edge };
  });
  return { nodes: [...numbers.keys()], edges };
}

function compareNodes(left: Spec, right: Spec): number {
  return (
    compareCodePoints(left.name, right.name) ||
    compareOptional(left.namespace, right.namespace) ||
    compareVersionLists(left.versions, right.versions) ||
    compareSequences(sortedVariants(left.variants), sortedVariants(right.variants), compareVariants) ||
    compareFlags(left.compilerFlags, right.compilerFlags) ||
    compareArchitectures(left.architecture, right.architecture) ||
    compareOptional(left.abstractHash, right.abstractHash) ||
    compareOptional(left.node?.packageHash, right.node?.packageHash)
  );
}

function compareVariants(left: VariantValue, right: VariantValue): number {
  return (
    compareCodePoints(left.name, right.name) ||
    Number(left.propagate) - Number(right.propagate) ||
    Number(left.concrete) - Number(right.concrete) ||
    compareSequences(left.values.map(pythonText), right.values.map(pythonText), compareCodePoints)
  );
}

function compareFlags(left: CompilerFlags, right: CompilerFlags): number {
  if (left.size === 0 || right.size === 0) return left.size - right.size;
  return compareSequences(known(texts, left, flagTexts), known(texts, right, flagTexts), compareCodePoints);
}

function flagTexts(flags: CompilerFlags): readonly string[] {
  const sorted = [...flags].sort(([left], [right]) => compareCodePoints(left, right));
  return sorted.flatMap(([name, values]) => [
    name,
    ...values.map((flag) => `${flag.value} ${flag.propagate ? 1 : 0}`),
  ]);
}

function compareArchitectures(left: Architecture | undefined, right: Architecture | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  return (
    compareOptional(left.platform, right.platform) ||
    compareOptional(left.os, right.os) ||
    compareOptional(left.target, right.target)
  );
}

function compareEdges(left: NumberedEdge, right: NumberedEdge): number {
  return (
    left.parent - right.parent ||
    left.child - right.child ||
    left.edge.flags - right.edge.flags ||
    compareSequences(left.edge.virtuals, right.edge.virtuals, compareCodePoints) ||
    Number(left.edge.direct) - Number(right.edge.direct)
  );
}

/** Unset values come first. */
function compareOptional(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  return compareCodePoints(left, right);
}
