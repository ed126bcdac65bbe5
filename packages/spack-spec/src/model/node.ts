// The types of a concrete spec: nodes that name their dependencies by hash, and graphs of them.

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
  /** Whether the user asked for it with `%`; edges of specs older than version 5 all count as direct. */
  readonly direct: boolean;
}

/** Where a spec was built to run. */
export interface SpecArchitecture extends Architecture {
  readonly platform: string;
  readonly os: string;
  /** The microarchitecture's name, for example `x86_64_v3`. */
  readonly target: string;
  /** The target as it is written: its name if it is generic, else an object that tells its features as well. */
  readonly targetJson: Json;
}

/** A package that Spack did not install. */
export interface SpecExternal {
  readonly path: string | null;
  readonly modules: readonly string[] | null;
  readonly extraAttributes: JsonObject;
}

/** What Spack remembers of the format that a spec was first written in. */
export interface SpecAnnotations {
  readonly originalSpecfileVersion: number;
  /** `name@=version` of the compiler; only where the original version is less than 5. */
  readonly compiler?: string;
}

/** One concrete spec without its dependencies' own nodes. */
export interface SpecNode {
  readonly name: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly architecture: SpecArchitecture | undefined;
  /** Variants (booleans, strings, lists of strings) and compiler flags (lists of strings), in the order as written. */
  readonly parameters: JsonObject;
  /** Present if the package is an external. */
  readonly external: SpecExternal | undefined;
  /** Checksums of the patches, in the order of their application. */
  readonly patches: readonly string[];
  readonly packageHash: string | undefined;
  readonly dependencies: readonly SpecDependency[];
  /** What was built, if the spec was spliced: its binary was made for other dependencies than it has now. */
  readonly buildSpec: { readonly name: string; readonly hash: string } | undefined;
  readonly annotations: SpecAnnotations;
  /** The DAG hash that the node claims; `dagHash` computes what it should be. */
  readonly hash: string;
  /** The version, 1 to 5, of the format that `json` is in. */
  readonly specfileVersion: number;
  /** The node as it was read, with all its keys in their order. */
  readonly json: JsonObject;
}

/** Nodes by their DAG hash. A dependency may be missing in a database; traversals then leave it out. */
export type SpecGraph = ReadonlyMap<string, SpecNode>;

/** A spec with everything it depends on: what a `spec.json` holds. */
export interface SpecDocument {
  readonly root: SpecNode;
  /** All nodes, the root's included, and those of the build specs of spliced nodes. */
  readonly graph: SpecGraph;
}

/** The kinds of hashes that have named nodes, in Spack's order of preference (`HASHES` in `spack/hash_types.py`). */
export const NODE_HASH_KEYS = ["hash", "full_hash", "build_hash"] as const;
