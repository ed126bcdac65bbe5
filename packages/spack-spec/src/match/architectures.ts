// Compares architectures: whether one satisfies, overlaps or narrows another.

import { type Architecture, isConcreteTarget } from "../model/architecture.js";
import { commonTargets } from "./targets.js";

/**
 * Whether `left` satisfies `right`. A `*` for platform or operating system ends the comparison, as in Spack
 * (`spack/spec.py: ArchSpec.satisfies`).
 */
export function architectureSatisfies(left: Architecture, right: Architecture): boolean {
  for (const part of ["platform", "os"] as const) {
    if (left[part] && right[part] === "*") return true;
    if (right[part] && left[part] !== right[part]) return false;
  }
  if (right.target === undefined) return true;
  if (left.target === undefined) return false;
  return right.target === "*" || commonTargets(left.target, right.target).length > 0;
}

/** Whether some architecture satisfies both (`ArchSpec.intersects`). */
export function architecturesIntersect(left: Architecture, right: Architecture): boolean {
  for (const part of ["platform", "os"] as const) {
    if (left[part] && right[part] && left[part] !== right[part]) return false;
  }
  if (left.target === undefined || right.target === undefined || right.target === "*") return true;
  return commonTargets(left.target, right.target).length > 0;
}

/** The intersection of both, which must overlap (`ArchSpec.constrain`). */
export function constrainArchitecture(left: Architecture, right: Architecture): Architecture {
  return {
    platform: left.platform ?? right.platform,
    os: left.os ?? right.os,
    target: constrainTarget(left.target, right.target),
  };
}

function constrainTarget(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  if (isConcreteTarget(left)) return left;
  return isConcreteTarget(right) ? right : commonTargets(left, right).join(",");
}
