// Compares two specs without their dependencies.

import type { Spec } from "../model/spec.js";
import { versionListSatisfies, versionListsIntersect } from "../versions/version-list.js";
import { architectureSatisfies, architecturesIntersect } from "./architectures.js";
import { flagsSatisfy, variantsIntersect, variantsSatisfy } from "./variants.js";
import { isVirtual, provides } from "./virtuals.js";

/** Whether both have names, and these differ. */
export function differentNames(left: Spec, right: Spec): boolean {
  return left.name !== "" && right.name !== "" && left.name !== right.name;
}

/**
 * Whether `left` itself satisfies `right` (`spack/spec.py: Spec._satisfies` with `deps=False`). A package that provides
 * the virtual package `right` satisfies it regardless of its other constraints.
 *
 * @throws SpackOciError `ERR_TARGET_UNKNOWN`
 */
export function nodeSatisfies(left: Spec, right: Spec): boolean {
  if (right.node !== undefined) return left.node?.hash === right.node.hash;
  if (right.abstractHash) {
    const hash = left.node?.hash ?? left.abstractHash;
    if (!hash?.startsWith(right.abstractHash)) return false;
  }
  if (differentNames(left, right)) return providesNamed(left, right.name, left);
  if (namespacesDiffer(left, right)) return false;
  if (!versionListSatisfies(left.versions, right.versions) || !variantsSatisfy(left, right)) return false;
  if (right.architecture !== undefined) {
    if (left.architecture === undefined) return false;
    if (!architectureSatisfies(left.architecture, right.architecture)) return false;
  }
  return flagsSatisfy(left.compilerFlags, right.compilerFlags);
}

/** Whether some spec satisfies both, neither of them concrete (`Spec._intersects` with `deps=False`). */
export function nodesIntersect(left: Spec, right: Spec): boolean {
  if (!hashesIntersect(left.abstractHash, right.abstractHash)) return false;
  if (differentNames(left, right)) {
    return providesNamed(left, right.name, left) || providesNamed(right, left.name, right);
  }
  if (namespacesDiffer(left, right) || !versionListsIntersect(left.versions, right.versions)) return false;
  for (const variant of right.variants.values()) {
    const own = left.variants.get(variant.name);
    if (own !== undefined && !variantsIntersect(own, variant)) return false;
  }
  if (left.architecture === undefined || right.architecture === undefined) return true;
  return architecturesIntersect(left.architecture, right.architecture);
}

function providesNamed(spec: Spec, name: string, around: Spec): boolean {
  return !isVirtual(spec.name, around) && isVirtual(name, around) && provides(spec, name);
}

function namespacesDiffer(left: Spec, right: Spec): boolean {
  return left.namespace !== undefined && right.namespace !== undefined && left.namespace !== right.namespace;
}

function hashesIntersect(left: string | undefined, right: string | undefined): boolean {
  return !left || !right || left.startsWith(right) || right.startsWith(left);
}
