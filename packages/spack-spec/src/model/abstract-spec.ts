// A spec under construction: a constraint while it is parsed, or while another one is added to it.

import { ANY_VERSION } from "../versions/range.js";
import type { VersionList } from "../versions/types.js";
import type { Architecture } from "./architecture.js";
import type { CompilerFlag } from "./compiler-flags.js";
import type { DependencyEdge, Spec } from "./spec.js";
import type { VariantValue } from "./variant.js";

/** A {@link Spec} that is not concrete and may still change. */
export interface AbstractSpec extends Spec {
  name: string;
  namespace: string | undefined;
  versions: VersionList;
  readonly variants: Map<string, VariantValue>;
  readonly compilerFlags: Map<string, readonly CompilerFlag[]>;
  architecture: Architecture | undefined;
  abstractHash: string | undefined;
  readonly dependencies: Map<string, readonly DependencyEdge[]>;
  readonly node: undefined;
}

/** A spec that every spec satisfies. */
export function emptySpec(): AbstractSpec {
  return {
    name: "",
    namespace: undefined,
    versions: ANY_VERSION,
    variants: new Map(),
    compilerFlags: new Map(),
    architecture: undefined,
    abstractHash: undefined,
    dependencies: new Map(),
    node: undefined,
  };
}

/**
 * Whether `spec` may be changed.
 *
 * @example
 * ```ts
 * import { isAbstract, parseSpec } from "@spack-oci/spack-spec";
 *
 * console.log(isAbstract(parseSpec("zlib"))); // true
 * ```
 */
export function isAbstract(spec: Spec): spec is AbstractSpec {
  return spec.node === undefined;
}

/** Inserts `edge` among those of the same name, sorted by dependency types. */
export function insertEdge(spec: AbstractSpec, edge: DependencyEdge): void {
  const edges = [...(spec.dependencies.get(edge.spec.name) ?? []), edge];
  spec.dependencies.set(
    edge.spec.name,
    edges.sort((left, right) => left.flags - right.flags),
  );
}

/** Replaces `old` with `edge`. */
export function replaceEdge(spec: AbstractSpec, old: DependencyEdge, edge: DependencyEdge): void {
  const edges = spec.dependencies.get(old.spec.name) ?? [];
  spec.dependencies.set(
    old.spec.name,
    edges.map((other) => (other === old ? edge : other)),
  );
}
