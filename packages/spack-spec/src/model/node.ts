// Concrete specs: nodes that refer to their dependencies by hash, and graphs of nodes.

import type { Json, JsonObject } from "../json/value.js";
import type { Architecture } from "./architecture.js";
import type { DependencyType } from "./dependency-types.js";

/** An edge from a spec to one of its direct dependencies. */
export interface SpecDependency {
  readonly name: string;
  /** The dependency's DAG hash. */
  readonly hash: string;
  readonly deptypes: readonly DependencyType[];
  /** The virtual packages, such as `mpi`, that the dependency provides along this edge. */
  readonly virtuals: readonly string[];
  /** Whether it was requested with `%`; all edges of specs before version 5 count as direct. */
  readonly direct: boolean;
}

/** Where a spec was built to run. */
export interface SpecArchitecture extends Architecture {
  readonly platform: string;
  readonly os: string;
  /** The microarchitecture's name, for example `x86_64_v3`. */
  readonly target: string;
  /** The target as written: its name if it is generic, else an object with its features. */
  readonly targetJson: Json;
}

/** A package that Spack did not install. */
export interface SpecExternal {
  readonly path: string | null;
  readonly modules: readonly string[] | null;
  readonly extraAttributes: JsonObject;
}

/** What Spack records about the original format of a spec. */
export interface SpecAnnotations {
  readonly originalSpecfileVersion: number;
  /** `name@=version` of the compiler; only if the original version is less than 5. */
  readonly compiler?: string;
}

/** One concrete spec without its dependencies' own nodes. */
export interface SpecNode {
  readonly name: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly architecture: SpecArchitecture | undefined;
  /** Variants (booleans, strings, lists of strings) and compiler flags (lists of strings), in their original order. */
  readonly parameters: JsonObject;
  /** The parameters that dependencies take, too. */
  readonly propagated: readonly string[];
  /** Present if the package is an external. */
  readonly external: SpecExternal | undefined;
  /** Checksums of the patches, in the order in which they are applied. */
  readonly patches: readonly string[];
  readonly packageHash: string | undefined;
  readonly dependencies: readonly SpecDependency[];
  /** The spec that was built, if this one was spliced: its binary was built against other dependencies. */
  readonly buildSpec: { readonly name: string; readonly hash: string } | undefined;
  readonly annotations: SpecAnnotations;
  /** The recorded DAG hash; `dagHash` computes it. */
  readonly hash: string;
  /** The format version of `json`, 1 to 5. */
  readonly specfileVersion: number;
  /** The original node, with all keys in order. */
  readonly json: JsonObject;
}

/** Nodes by their DAG hash. A database may lack a dependency; traversals skip it. */
export type SpecGraph = ReadonlyMap<string, SpecNode>;

/** A spec with all its dependencies, as in a `spec.json`. */
export interface SpecDocument {
  readonly root: SpecNode;
  /** All nodes, including the root and the build specs of spliced nodes. */
  readonly graph: SpecGraph;
}

/**
 * The kinds of hashes that have identified nodes, in Spack's order of preference (`HASHES` in `spack/hash_types.py`).
 */
export const NODE_HASH_KEYS = ["hash", "full_hash", "build_hash"] as const;
