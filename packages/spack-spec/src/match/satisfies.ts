// Whether a spec is, or can be, as a constraint asks for, its dependencies included.

import { findDependency } from "../model/find-dependency.js";
import { dependencyEdges, type Spec } from "../model/spec.js";
import { dependenciesSatisfy } from "./dependencies.js";
import { differentNames, nodeSatisfies, nodesIntersect } from "./nodes.js";

/**
 * Whether everything that `left` stands for is allowed by `right`; `left` may be concrete or a constraint itself
 * (`spack/spec.py: Spec.satisfies`). Which names are virtual is known from the edges of the graph around `left`.
 *
 * @throws SpackOciError `ERR_TARGET_UNKNOWN` if `right` has a range of targets that archspec does not know
 */
export function satisfies(left: Spec, right: Spec): boolean {
  if (!nodeSatisfies(left, right)) return false;
  if (right.node !== undefined || right.dependencies.size === 0 || differentNames(left, right)) return true;
  return dependenciesSatisfy(left, right, { satisfies, intersects });
}

/**
 * Whether some concrete spec is as both ask for (`Spec.intersects`).
 *
 * @throws SpackOciError `ERR_TARGET_UNKNOWN`
 */
export function intersects(left: Spec, right: Spec): boolean {
  if (left.node !== undefined) return satisfies(left, right);
  if (right.node !== undefined) return satisfies(right, left);
  if (!nodesIntersect(left, right)) return false;
  return differentNames(left, right) || dependenciesIntersect(left, right);
}

/** Whether the dependencies of the same names can be as both ask for (`Spec._intersects_dependencies`). */
function dependenciesIntersect(left: Spec, right: Spec): boolean {
  const names = dependencyEdges(right).map((edge) => edge.spec.name);
  const common = dependencyEdges(left).filter((edge) => names.includes(edge.spec.name));
  return common.every(({ spec: { name } }) => {
    const [own, other] = [findDependency(left, name), findDependency(right, name)];
    // A spec that depends on one of its own name finds itself there.
    if (own === undefined || other === undefined || own === left || other === right) return true;
    return intersects(own, other);
  });
}
