// Computes the modifications that follow from the directories in the prefixes of packages and their dependencies.

import { runtimeClosure, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { type IsDirectory, inspectPrefix, type PrefixInspections } from "./inspect-prefix.js";
import type { EnvironmentModification } from "./modifications.js";

/** Packages whose environment is computed, and where they are. */
export interface InspectedPackages {
  readonly graph: SpecGraph;
  /** DAG hashes of the packages that the environment is for. */
  readonly roots: readonly string[];
  /** Undefined for a package without a prefix. */
  readonly prefixOf: (node: SpecNode) => string | undefined;
  readonly isDirectory: IsDirectory;
  readonly inspections: PrefixInspections;
}

/**
 * Prefixes of the link and run closure are inspected from the leaves to the roots, so that a root's directories precede
 * those of its dependencies (Spack: user_environment.py, `environment_modifications_for_specs`).
 */
export async function inspectedModifications({
  graph,
  roots,
  prefixOf,
  isDirectory,
  inspections,
}: InspectedPackages): Promise<EnvironmentModification[]> {
  const prefixes = runtimeClosure(graph, roots).flatMap((node) => prefixOf(node) ?? []);
  const found = prefixes.reverse().map((prefix) => inspectPrefix(prefix, inspections, isDirectory));
  return (await Promise.all(found)).flat();
}
