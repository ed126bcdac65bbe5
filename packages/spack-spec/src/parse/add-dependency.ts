// Adds a dependency to the constraint being parsed; the same dependency written twice becomes one.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { textOf } from "../format/format-spec.js";
import { constrained, sameSpec } from "../match/constrain.js";
import { type AbstractSpec, insertEdge, replaceEdge } from "../model/abstract-spec.js";
import { compatibleFlags, dependencyLetters } from "../model/dependency-types.js";
import type { Spec } from "../model/spec.js";
import type { EdgeProperties } from "./edge-parser.js";

/**
 * Adds `dependency` to `parent`. If it exists with the same types and condition, the constraints are combined; with
 * other, compatible types it becomes a second edge (`spack/spec.py: Spec._add_dependency`).
 *
 * @throws SpackOciError `ERR_SPEC_DEPENDENCY` if the constraints exclude each other, or the types overlap
 */
export function addDependency(parent: AbstractSpec, dependency: Spec, edge: EdgeProperties): void {
  const { flags, virtuals, direct, propagate, when } = edge;
  const added = { parent, spec: dependency, flags, virtuals, direct, propagate, when };
  const present = dependency.name === "" ? [] : (parent.dependencies.get(dependency.name) ?? []);
  const same = present.find((other) => other.flags === flags && sameSpec(other.when, when));
  if (same === undefined) {
    checkTypes(parent, dependency, edge);
    insertEdge(parent, present.length === 0 ? added : { ...added, propagate: false });
    return;
  }
  try {
    constrained(same.spec, dependency);
  } catch (error) {
    if (!isSpackOciError(error) || error.code !== "ERR_SPEC_CONFLICT") throw error;
    throw dependencyError(
      `Cannot depend on incompatible specs '${textOf(same.spec)}' and '${textOf(dependency)}'`,
      error,
    );
  }
  replaceEdge(parent, same, { ...same, virtuals: [...new Set([...same.virtuals, ...virtuals])].sort() });
}

function checkTypes(parent: Spec, dependency: Spec, edge: EdgeProperties): void {
  const { name } = dependency;
  const present = parent.dependencies.get(name) ?? [];
  const clashing = present.filter((other) => !compatibleFlags(other.flags, edge.flags));
  if (name === "" && clashing.some((other) => sameSpec(other.when, edge.when))) {
    throw dependencyError(
      `cannot update the edge from ${parent.name} to \n` +
        `    ${parent.name} has already an edge matching any of these types ${edge.flags}`,
    );
  }
  if (name === "" || clashing.length === 0 || !present.every((other) => sameSpec(other.when, edge.when)))
    return;
  throw dependencyError(
    `${name} is a duplicate dependency, with conflicting dependency types\n` +
      `\t'${textOf(parent)}' cannot depend on '^[deptypes=${dependencyLetters(edge.flags).trim()}] ${textOf(dependency)}'`,
  );
}

function dependencyError(message: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_SPEC_DEPENDENCY", message, { kind: "usage", cause });
}
