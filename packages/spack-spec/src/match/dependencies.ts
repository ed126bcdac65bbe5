// Whether a spec has the dependencies that a constraint requires with `%` and `^`.

import { dependencyFlags } from "../model/dependency-types.js";
import { findDependency } from "../model/find-dependency.js";
import {
  type DependencyEdge,
  dependencyEdges,
  hasCompilersAsDependencies,
  isConcrete,
  isExternal,
  type Spec,
} from "../model/spec.js";
import { sortedEdges, walkDepthFirst } from "../model/walk.js";
import { nodeSatisfies } from "./nodes.js";
import { isVirtual } from "./virtuals.js";

/** Comparisons of whole specs, for dependencies. */
export interface Comparisons {
  readonly satisfies: (left: Spec, right: Spec) => boolean;
  readonly intersects: (left: Spec, right: Spec) => boolean;
}

/** Whether `left` has the dependencies of `right` (the last part of `Spec._satisfies` in `spack/spec.py`). */
export function dependenciesSatisfy(left: Spec, right: Spec, compare: Comparisons): boolean {
  return walkDepthFirst([right], { cover: "edges" }).every(({ edge: wanted }) => {
    if (wanted === undefined || !conditionApplies(left, wanted, compare)) return true;
    const edge = withVirtual(left, wanted);
    if (edge.direct) return hasDirect(left, edge, compare);
    return edge.parent.node !== undefined || hasReachable(left, edge, compare);
  });
}

/** A condition applies if the spec it is about can meet it, or if there is no such spec. */
function conditionApplies(left: Spec, { parent, when }: DependencyEdge, compare: Comparisons): boolean {
  if (when === undefined) return true;
  const about = parent.name === "" || parent.name === left.name ? left : findDependency(left, parent.name);
  return about === undefined || compare.intersects(about, when);
}

/** `^mpi` requires an edge along which `mpi` is provided. */
function withVirtual(left: Spec, edge: DependencyEdge): DependencyEdge {
  const { name } = edge.spec;
  if (name === "" || edge.virtuals.includes(name) || !isVirtual(name, left)) return edge;
  return { ...edge, virtuals: [...edge.virtuals, name].sort() };
}

function hasDirect(left: Spec, edge: DependencyEdge, compare: Comparisons): boolean {
  const parent = parentOf(left, edge);
  if (parent === undefined) return false;
  // Only the compiler of such a spec is known; it is recorded separately.
  if (
    isConcrete(parent) &&
    (!hasCompilersAsDependencies(parent) || (isExternal(parent) && parent.dependencies.size === 0))
  ) {
    return parent.compiler !== undefined && compare.satisfies(parent.compiler, edge.spec);
  }
  return directCandidates(parent, edge, left).some(
    (candidate) =>
      (candidate.flags & edge.flags) === edge.flags &&
      whenSatisfies(edge, candidate, compare) &&
      compare.satisfies(candidate.spec, edge.spec),
  );
}

/** In `a ^b %c` the dependency belongs to b; in `gcc@13 %gcc@12` it belongs to the root. */
function parentOf(left: Spec, { parent, spec }: DependencyEdge): Spec | undefined {
  return parent.name === "" || parent.name === spec.name ? left : findDependency(left, parent.name);
}

function directCandidates(parent: Spec, edge: DependencyEdge, left: Spec): readonly DependencyEdge[] {
  const { name } = edge.spec;
  const edges = dependencyEdges(parent);
  const named = (candidate: DependencyEdge) => candidate.spec.name === name;
  const providing = (candidate: DependencyEdge) =>
    edge.virtuals.length === 0 || edge.virtuals.some((virtual) => candidate.virtuals.includes(virtual));
  if (name === "") return edges.filter(providing);
  if (isVirtual(name, left)) return edges.filter((candidate) => named(candidate) || providing(candidate));
  return edges.filter((candidate) => named(candidate) && providing(candidate));
}

function hasReachable(left: Spec, edge: DependencyEdge, compare: Comparisons): boolean {
  const { name } = edge.spec;
  const candidates = reachableEdges(left, (candidate) => {
    if (name === "") return true;
    const isNamed = candidate.spec.name === name || candidate.virtuals.includes(name);
    return isNamed && whenSatisfies(edge, candidate, compare);
  });
  const provided = edge.virtuals.every((virtual) =>
    candidates.some((candidate) => candidate.virtuals.includes(virtual) || candidate.spec.name === virtual),
  );
  return provided && candidates.some((candidate) => nodeSatisfies(candidate.spec, edge.spec));
}

function whenSatisfies(wanted: DependencyEdge, found: DependencyEdge, compare: Comparisons): boolean {
  if (found.when === undefined) return true;
  return wanted.when !== undefined && compare.satisfies(wanted.when, found.when);
}

/** The edges that match, among link and run dependencies at any depth and direct build dependencies. */
function reachableEdges(spec: Spec, matches: (edge: DependencyEdge) => boolean): readonly DependencyEdge[] {
  const found: DependencyEdge[] = [];
  const seen = new Set([spec]);
  for (const node of seen) {
    for (const edge of sortedEdges(node, node === spec ? LINK_RUN_OR_BUILD : LINK_OR_RUN)) {
      if (matches(edge)) found.push(edge);
      if (edge.flags === 0 || edge.flags & LINK_OR_RUN) seen.add(edge.spec);
    }
  }
  return found;
}

const LINK_OR_RUN = dependencyFlags("link", "run");
const LINK_RUN_OR_BUILD = LINK_OR_RUN | dependencyFlags("build");
