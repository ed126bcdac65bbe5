// Adds one constraint to another.

import { SpackOciError } from "@spack-oci/errors";
import { textOf } from "../format/format-spec.js";
import { type AbstractSpec, insertEdge, isAbstract, replaceEdge } from "../model/abstract-spec.js";
import { type DependencyEdge, dependencyEdges, fullName, type Spec } from "../model/spec.js";
import { versionListIntersection, versionListsIntersect } from "../versions/version-list.js";
import { architecturesIntersect, constrainArchitecture } from "./architectures.js";
import { differentNames } from "./nodes.js";
import { satisfies } from "./satisfies.js";
import { constrainFlags, constrainVariant, variantsIntersect } from "./variants.js";

/**
 * Adds the constraints of `other` to `spec` (`spack/spec.py: Spec.constrain`). After an error in a dependency, `spec`
 * may be partly changed.
 *
 * @throws SpackOciError `ERR_SPEC_CONFLICT` if nothing satisfies both, `ERR_SPEC_HASH` if their hashes differ
 *
 * @example
 * ```ts
 * import { constrain, isAbstract, parseSpec, textOf } from "@spack-oci/spack-spec";
 *
 * const spec = parseSpec("zlib@1.2:");
 * if (isAbstract(spec)) constrain(spec, parseSpec("zlib@:1.3+shared"));
 * console.log(textOf(spec)); // zlib@1.2:1.3+shared
 * ```
 */
export function constrain(spec: AbstractSpec, other: Spec): void {
  constrainHash(spec, other);
  checkNode(spec, other);
  spec.name ||= other.name;
  spec.namespace ||= other.namespace;
  spec.versions = versionListIntersection(spec.versions, other.versions);
  for (const variant of other.variants.values()) {
    const own = spec.variants.get(variant.name);
    spec.variants.set(variant.name, own === undefined ? variant : constrainVariant(own, variant));
  }
  for (const [name, flags] of other.compilerFlags) {
    spec.compilerFlags.set(name, constrainFlags(spec.compilerFlags.get(name) ?? [], flags));
  }
  if (other.architecture !== undefined) {
    spec.architecture =
      spec.architecture === undefined
        ? other.architecture
        : constrainArchitecture(spec.architecture, other.architecture);
  }
  for (const edge of dependencyEdges(other)) constrainDependency(spec, edge);
}

/** Adds `other` to an abstract `spec`; a concrete one must satisfy it. */
export function constrained(spec: Spec, other: Spec): void {
  if (isAbstract(spec)) constrain(spec, other);
  else if (!satisfies(spec, other)) throw conflict(spec, other, "dependency");
}

/** Whether both are written the same; a missing spec is an empty one. */
export function sameSpec(left: Spec | undefined, right: Spec | undefined): boolean {
  if (left === right) return true;
  return (left === undefined ? "" : textOf(left)) === (right === undefined ? "" : textOf(right));
}

function constrainHash(spec: AbstractSpec, { abstractHash }: Spec): void {
  if (!abstractHash) return;
  if (!spec.abstractHash || abstractHash.startsWith(spec.abstractHash)) spec.abstractHash = abstractHash;
  else if (!spec.abstractHash.startsWith(abstractHash)) {
    throw new SpackOciError(
      "ERR_SPEC_HASH",
      `No spec with hash ${abstractHash} could be found to match ${textOf(spec)}. ` +
        "Either the hash does not exist, or it does not match other spec constraints.",
      { kind: "usage", hint: "Give only one hash." },
    );
  }
}

function checkNode(spec: Spec, other: Spec): void {
  const bothInNamespaces = spec.namespace !== undefined && other.namespace !== undefined;
  if (differentNames(spec, other) || (bothInNamespaces && spec.namespace !== other.namespace)) {
    throw conflict(spec, other, "name");
  }
  if (!versionListsIntersect(spec.versions, other.versions)) throw conflict(spec, other, "version");
  for (const variant of other.variants.values()) {
    const own = spec.variants.get(variant.name);
    if (own !== undefined && !variantsIntersect(own, variant)) throw conflict(spec, other, "variant");
  }
  if (spec.architecture === undefined || other.architecture === undefined) return;
  if (!architecturesIntersect(spec.architecture, other.architecture))
    throw conflict(spec, other, "architecture");
}

function constrainDependency(spec: AbstractSpec, edge: DependencyEdge): void {
  const existing = spec.dependencies.get(edge.spec.name)?.find((own) => sameSpec(own.when, edge.when));
  if (existing === undefined) {
    insertEdge(spec, { ...edge, parent: spec });
    return;
  }
  constrained(existing.spec, edge.spec);
  replaceEdge(spec, existing, {
    ...existing,
    flags: existing.flags | edge.flags,
    virtuals: [...new Set([...existing.virtuals, ...edge.virtuals])].sort(),
    direct: existing.direct || edge.direct,
  });
}

function conflict(spec: Spec, other: Spec, what: string): SpackOciError {
  const [provided, required] =
    what === "name" ? [fullName(spec), fullName(other)] : [textOf(spec), textOf(other)];
  return new SpackOciError("ERR_SPEC_CONFLICT", `${provided} does not satisfy ${required}`, {
    kind: "usage",
    hint: `Their constraints on the ${what} are incompatible.`,
  });
}
