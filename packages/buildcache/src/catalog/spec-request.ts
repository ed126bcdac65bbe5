// Defines what a user can request: specs, optionally within an environment.

import { openLockfile, type SpackEnvironment } from "@spack-oci/spack-config";
import { fullClosure, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";

/** The concrete specs of an environment. */
export interface RequestedEnvironment {
  readonly name: string;
  /** DAG hashes of its roots. */
  readonly roots: readonly string[];
  /** Its roots with all their dependencies, and the build specs of spliced packages with theirs. */
  readonly graph: SpecGraph;
}

/** Spec strings, and what they select from. */
export interface SpecRequest {
  /** As on a command line; everything is requested if empty. */
  readonly specs: readonly string[];
  /** Limits the choice to specs of this environment. */
  readonly environment?: RequestedEnvironment | undefined;
}

/** @throws SpackOciError `ERR_ENVIRONMENT_NOT_CONCRETE` and the errors of lock files */
export function requestedEnvironment(environment: SpackEnvironment): RequestedEnvironment {
  return {
    name: environment.name,
    roots: environment.roots.map((root) => root.hash),
    graph: new Map(specsOf(environment).map((node) => [node.hash, node])),
  };
}

function specsOf({ concreteSpecs, lockfile }: SpackEnvironment): readonly SpecNode[] {
  const built = concreteSpecs.flatMap(({ buildSpec }) => buildSpec?.hash ?? []);
  return lockfile === undefined ? concreteSpecs : [...concreteSpecs, ...fullClosure(lockfile.graph, built)];
}

/**
 * Joins the specs of several lock files into one environment.
 *
 * @throws SpackOciError the errors of `openLockfile`
 */
export function requestedLockfiles(paths: readonly string[]): RequestedEnvironment {
  const lockfiles = paths.map(openLockfile);
  const roots = lockfiles.flatMap(({ roots: own, included }) => [own, ...included.values()].flat());
  return {
    name: paths.join(", "),
    roots: [...new Set(roots.map((root) => root.hash))],
    graph: new Map(lockfiles.flatMap(({ graph }) => [...graph])),
  };
}
