// Walks the dependencies of specs in Spack's orders.

import { compareCodePoints, compareSequences } from "../text/compare.js";
import { ANY_DEPENDENCY, type DependencyFlags } from "./dependency-types.js";
import { type DependencyEdge, dependencyEdges, type Spec } from "./spec.js";

/** A step of a walk: a spec, the edge that led to it (undefined for a root), and its distance from the root. */
export interface Step {
  readonly spec: Spec;
  readonly edge: DependencyEdge | undefined;
  readonly depth: number;
}

/** How to walk. */
export interface WalkOptions {
  /** Dependency types to follow; all by default. */
  readonly flags?: DependencyFlags;
  /** Whether to visit every spec once (`nodes`, the default) or every edge once. */
  readonly cover?: "nodes" | "edges";
}

/** The edges of `spec` of the given types; in a constraint also those without types (`_select_edges`). */
export function selectEdges(spec: Spec, flags: DependencyFlags = ANY_DEPENDENCY): readonly DependencyEdge[] {
  const edges = dependencyEdges(spec);
  if (flags === 0) return [];
  return flags === ANY_DEPENDENCY ? edges : edges.filter((edge) => edge.flags === 0 || edge.flags & flags);
}

/** The edges of `spec` in the order in which Spack walks them (`spack/traverse.py: sort_edges`). */
export function sortedEdges(spec: Spec, flags: DependencyFlags = ANY_DEPENDENCY): readonly DependencyEdge[] {
  const sorted = sortedEdgesOf.get(spec) ?? [...dependencyEdges(spec)].sort(compareEdges);
  // Only concrete specs do not change.
  if (spec.node !== undefined) sortedEdgesOf.set(spec, sorted);
  return flags === ANY_DEPENDENCY ? sorted : sorted.filter((edge) => edge.flags === 0 || edge.flags & flags);
}

const sortedEdgesOf = new WeakMap<Spec, readonly DependencyEdge[]>();

/** All steps from `roots`, each spec followed by its dependencies. */
export function walkDepthFirst(roots: readonly Spec[], options: WalkOptions = {}): readonly Step[] {
  const steps: Step[] = [];
  const seen = new Set<Spec>();
  const visit = (step: Step): void => {
    const known = seen.has(step.spec);
    if (known && options.cover !== "edges") return;
    steps.push(step);
    if (known) return;
    seen.add(step.spec);
    for (const next of stepsBelow(step, options)) visit(next);
  };
  for (const root of roots) visit(rootStep(root));
  return steps;
}

/** All steps from `roots`, the nearest first. */
export function walkBreadthFirst(roots: readonly Spec[], options: WalkOptions = {}): readonly Step[] {
  const steps: Step[] = [];
  const seen = new Set<Spec>();
  const queue = roots.map(rootStep);
  for (const step of queue) {
    const known = seen.has(step.spec);
    if (known && options.cover !== "edges") continue;
    steps.push(step);
    if (known) continue;
    seen.add(step.spec);
    queue.push(...stepsBelow(step, options));
  }
  return steps;
}

/**
 * The steps of a breadth-first walk in the order of a printed tree: every spec is placed where it is nearest to a root
 * (`spack/traverse.py: traverse_tree` with `depth_first=False`).
 */
export function walkTree(roots: readonly Spec[], options: WalkOptions = {}): readonly Step[] {
  const below = new Map<Spec | undefined, Step[]>();
  const parents = new Map<Spec, Spec | undefined>();
  for (const step of walkBreadthFirst(roots, options)) {
    const parent = step.edge?.parent;
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [step]);
    else siblings.push(step);
    if (!parents.has(step.spec)) parents.set(step.spec, parent);
  }
  const ordered: Step[] = [];
  const visit = (parent: Spec | undefined, depth: number): void => {
    for (const step of below.get(parent) ?? []) {
      ordered.push({ ...step, depth });
      if (parents.get(step.spec) === parent) visit(step.spec, depth + 1);
    }
  };
  visit(undefined, 0);
  return ordered;
}

function rootStep(spec: Spec): Step {
  return { spec, edge: undefined, depth: 0 };
}

function stepsBelow(step: Step, options: WalkOptions): readonly Step[] {
  return sortedEdges(step.spec, options.flags).map((edge) => ({
    spec: edge.spec,
    edge,
    depth: step.depth + 1,
  }));
}

function compareEdges(left: DependencyEdge, right: DependencyEdge): number {
  return (
    compareCodePoints(left.spec.name, right.spec.name) ||
    compareCodePoints(left.spec.abstractHash ?? "", right.spec.abstractHash ?? "") ||
    left.flags - right.flags ||
    compareSequences(left.virtuals, right.virtuals, compareCodePoints) ||
    Number(left.direct) - Number(right.direct)
  );
}
