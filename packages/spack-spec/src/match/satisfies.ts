// Whether a spec satisfies or can satisfy a constraint, including its dependencies.

import { findDependency } from "../model/find-dependency.js";
import { dependencyEdges, type Spec } from "../model/spec.js";
import { dependenciesSatisfy } from "./dependencies.js";
import { differentNames, nodeSatisfies, nodesIntersect } from "./nodes.js";

/**
 * Whether `right` allows everything that `left` does; `left` may be concrete or a constraint (`spack/spec.py:
 * Spec.satisfies`). Virtual packages are recognized by the edges of the graph around `left`.
 *
 * @throws SpackOciError `ERR_TARGET_UNKNOWN` if `right` has a range of unknown targets
 *
 * @example
 * ```ts
 * import { parseSpec, satisfies } from "@spack-oci/spack-spec";
 *
 * console.log(satisfies(parseSpec("zlib@1.3.1+shared"), parseSpec("zlib@1.3:"))); // true
 * console.log(satisfies(parseSpec("zlib@1.3.1"), parseSpec("zlib+shared"))); // false
 * ```
 */
export function satisfies(left: Spec, right: Spec): boolean {
  if (!nodeSatisfies(left, right)) return false;
  if (right.node !== undefined || right.dependencies.size === 0 || differentNames(left, right)) return true;
  return dependenciesSatisfy(left, right, { satisfies, intersects });
}

/**
 * Whether some concrete spec satisfies both (`Spec.intersects`).
 *
 * @throws SpackOciError `ERR_TARGET_UNKNOWN`
 *
 * @example
 * ```ts
 * import { intersects, parseSpec } from "@spack-oci/spack-spec";
 *
 * console.log(intersects(parseSpec("zlib@1.2:1.3"), parseSpec("zlib@1.3: +shared"))); // true
 * console.log(intersects(parseSpec("zlib@:1.2"), parseSpec("zlib@1.3:"))); // false
 * ```
 */
export function intersects(left: Spec, right: Spec): boolean {
  if (left.node !== undefined) return satisfies(left, right);
  if (right.node !== undefined) return satisfies(right, left);
  if (!nodesIntersect(left, right)) return false;
  return differentNames(left, right) || dependenciesIntersect(left, right);
}

/** Whether dependencies of the same name intersect (`Spec._intersects_dependencies`). */
function dependenciesIntersect(left: Spec, right: Spec): boolean {
  const names = dependencyEdges(right).map((edge) => edge.spec.name);
  const common = dependencyEdges(left).filter((edge) => names.includes(edge.spec.name));
  return common.every(({ spec: { name } }) => {
    const [own, other] = [findDependency(left, name), findDependency(right, name)];
    // A spec that depends on one with its own name finds itself.
    if (own === undefined || other === undefined || own === left || other === right) return true;
    return intersects(own, other);
  });
}
