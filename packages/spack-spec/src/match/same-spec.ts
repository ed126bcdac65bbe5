// Whether two constraints ask for the same.
import { textOf } from "../format/format-spec.js";
import type { Spec } from "../model/spec.js";

/** Whether both ask for the same, going by how they are written; a missing one asks for nothing. */
export function sameSpec(left: Spec | undefined, right: Spec | undefined): boolean {
  if (left === right) return true;
  return (left === undefined ? "" : textOf(left)) === (right === undefined ? "" : textOf(right));
}
