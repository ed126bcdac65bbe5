// A spec as Spack's commands treat it: a constraint that was parsed, or a view of a concrete node.

import type { VersionList } from "../versions/types.js";
import type { Architecture } from "./architecture.js";
import type { CompilerFlags } from "./compiler-flags.js";
import type { DependencyFlags } from "./dependency-types.js";
import type { SpecNode } from "./node.js";
import type { VariantMap } from "./variant.js";

/** A spec: a constraint that was parsed from text, or a concrete spec (`spack/spec.py: Spec`). */
export interface Spec {
  /** Empty in a constraint on packages of any name. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly versions: VersionList;
  readonly variants: VariantMap;
  readonly compilerFlags: CompilerFlags;
  readonly architecture: Architecture | undefined;
  /** The beginning of a DAG hash, as written after `/`. */
  readonly abstractHash: string | undefined;
  /** Edges to direct dependencies by name; edges of the same name are sorted by dependency types. */
  readonly dependencies: ReadonlyMap<string, readonly DependencyEdge[]>;
  /** The node that a concrete spec is a view of; undefined for a constraint. */
  readonly node: SpecNode | undefined;
}

/** An edge of a spec to a dependency (`spack/spec.py: DependencySpec`). */
export interface DependencyEdge {
  readonly parent: Spec;
  readonly spec: Spec;
  /** What it is needed for. In a constraint, 0 means any types. */
  readonly flags: DependencyFlags;
  /** The virtual packages that the dependency provides along this edge, sorted. */
  readonly virtuals: readonly string[];
  /** Whether it was written with `%`, and so must be a direct dependency. */
  readonly direct: boolean;
  /** Whether it was written with `%%`. */
  readonly propagate: boolean;
  /** The condition under which the dependency is required. */
  readonly when: Spec | undefined;
}

/** A node of a graph, viewed as a spec. */
export interface ConcreteSpec extends Spec {
  readonly node: SpecNode;
  /** The compiler of a spec from before Spack 1.0, which is not one of its dependencies. */
  readonly compiler: Spec | undefined;
  /** Edges from the specs of the same graph that depend on it. */
  readonly dependents: readonly DependencyEdge[];
  /** The virtual packages that some spec of the same graph provides to another one, except names of packages. */
  readonly graphVirtuals: ReadonlySet<string>;
  /** Whether it provides a virtual package to another spec of the same graph. */
  provides(virtual: string): boolean;
}

/** Whether `spec` is concrete. */
export function isConcrete(spec: Spec): spec is ConcreteSpec {
  return spec.node !== undefined;
}

/** Whether compilers are among the dependencies of `spec`: only since version 5 of the format. */
export function hasCompilersAsDependencies({ node }: ConcreteSpec): boolean {
  return node.annotations.originalSpecfileVersion >= 5;
}

/** Whether Spack did not install the package but was told where it is. */
export function isExternal({ node }: Spec): boolean {
  return Boolean(node?.external?.path) || Boolean(node?.external?.modules?.length);
}

/**
 * All edges of `spec` to its direct dependencies.
 *
 * @example
 * ```ts
 * import { dependencyEdges, parseSpec } from "@spack-oci/spack-spec";
 *
 * const edges = dependencyEdges(parseSpec("hdf5 %gcc ^openmpi"));
 * console.log(edges.map(({ spec, direct }) => [spec.name, direct])); // [ [ 'gcc', true ], [ 'openmpi', false ] ]
 * ```
 */
export function dependencyEdges(spec: Spec): readonly DependencyEdge[] {
  return [...spec.dependencies.values()].flat();
}

/** `namespace.name`, or the name alone. */
export function fullName(spec: Spec): string {
  return spec.namespace ? `${spec.namespace}.${spec.name}` : spec.name;
}
