// The common view of a spec: what a string may say of it, and what a node of an install database does say.
import type { VersionList } from "../versions/types.js";
import type { Architecture } from "./architecture.js";
import type { CompilerFlags } from "./compiler-flags.js";
import type { DependencyFlags } from "./dependency-flags.js";
import type { VariantMap } from "./variants.js";

/** A spec: a constraint that was read from text, or a concrete one (`spack/spec.py: Spec`). */
export interface Spec {
  /** Empty in a constraint on packages of any name. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly versions: VersionList;
  readonly variants: VariantMap;
  readonly compilerFlags: CompilerFlags;
  readonly architecture: Architecture | undefined;
  /** The start of a DAG hash, as written after `/`. */
  readonly abstractHash: string | undefined;
  /** Edges to direct dependencies by their names; of one name, sorted by dependency types. */
  readonly dependencies: ReadonlyMap<string, readonly DependencyEdge[]>;
  /** What only a concrete spec has. */
  readonly concrete: ConcreteFacts | undefined;
}

/** An edge of a spec to a dependency (`spack/spec.py: DependencySpec`). */
export interface DependencyEdge {
  readonly parent: Spec;
  readonly spec: Spec;
  /** What it is needed for. In a constraint, none at all means that it does not matter. */
  readonly flags: DependencyFlags;
  /** The virtual packages that the dependency provides along this edge, sorted. */
  readonly virtuals: readonly string[];
  /** Whether it was written with `%`, and so must be a direct dependency. */
  readonly direct: boolean;
  /** Whether it was written with `%%`. */
  readonly propagate: boolean;
  /** The condition under which the dependency is asked for. */
  readonly when: Spec | undefined;
}

/** What is known of a concrete spec besides the common view. */
export interface ConcreteFacts {
  /** The DAG hash. */
  readonly hash: string;
  readonly packageHash: string | undefined;
  readonly external: ExternalFacts | undefined;
  /** The version of the format in which Spack first wrote it. Before 5 compilers were no dependencies. */
  readonly specfileVersion: number;
  /** The compiler of a spec that does not have it among its dependencies. */
  readonly compiler: Spec | undefined;
  /** Edges from the specs of the same graph that depend on it. */
  readonly dependents: readonly DependencyEdge[];
  /** The virtual packages that some spec of the same graph provides to another, and that no spec is called. */
  readonly graphVirtuals: ReadonlySet<string>;
}

/** Where a package lies that Spack did not install. */
interface ExternalFacts {
  readonly path: string | null;
  readonly modules: readonly string[] | null;
  /** The extra attributes as Python prints them. */
  readonly extraAttributes: string;
}

/** A concrete spec. */
export type ConcreteSpec = Spec & { readonly concrete: ConcreteFacts };

/** Whether `spec` is a concrete one. */
export function isConcrete(spec: Spec): spec is ConcreteSpec {
  return spec.concrete !== undefined;
}

/** All edges of `spec` to its direct dependencies. */
export function dependencyEdges(spec: Spec): readonly DependencyEdge[] {
  return [...spec.dependencies.values()].flat();
}

/** `namespace.name`, or the name alone. */
export function fullName(spec: Spec): string {
  return spec.namespace ? `${spec.namespace}.${spec.name}` : spec.name;
}
