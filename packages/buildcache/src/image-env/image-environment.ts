// Computes the environment of an image of packages, `config.Env`, as Spack does.

import { runtimeClosure, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { executableModifications, type RecipeModifications } from "./executables.js";
import { type IsDirectory, inspectPrefix, type PrefixInspections } from "./inspect-prefix.js";
import { type EnvironmentModification, modifyEnvironment } from "./modifications.js";
import { formatVariables, parseVariables } from "./variables.js";

/** What the environment of an image is computed from. */
export interface ImageEnvironmentRequest {
  readonly graph: SpecGraph;
  /** DAG hashes of the packages that the image is for. */
  readonly roots: readonly string[];
  /** Undefined for a package without a prefix. */
  readonly prefixOf: (node: SpecNode) => string | undefined;
  readonly isDirectory: IsDirectory;
  readonly inspections: PrefixInspections;
  /** `config.Env` of the base image. */
  readonly base: readonly string[];
  /**
   * The complete run environment of the packages, if a source knows what all of their recipes do; if undefined, the
   * modifications that Spack makes regardless of recipes.
   */
  readonly runEnvironment?: readonly EnvironmentModification[] | undefined;
  /** What single recipes add, if no source knows all of them. */
  readonly recipeOf?: RecipeModifications | undefined;
  /** Applied after everything else. */
  readonly additions?: readonly EnvironmentModification[] | undefined;
}

/**
 * Variables as `NAME=VALUE`: those of the base, then others by name. Prefixes of the link and run closure are
 * inspected from the leaves to the roots, so that a root's directories precede those of its dependencies (Spack:
 * user_environment.py, `environment_modifications_for_specs`).
 */
export async function imageEnvironment(request: ImageEnvironmentRequest): Promise<string[]> {
  const { graph, roots, prefixOf, isDirectory, inspections, base } = request;
  const prefixes = runtimeClosure(graph, roots).flatMap((node) => prefixOf(node) ?? []);
  const [inspected, executable] = await Promise.all([
    Promise.all(prefixes.reverse().map((prefix) => inspectPrefix(prefix, inspections, isDirectory))),
    request.runEnvironment ??
      executableModifications({ graph, roots, prefixOf, isDirectory, recipeOf: request.recipeOf }),
  ]);
  const modifications = [...inspected.flat(), ...executable, ...(request.additions ?? [])];
  return formatVariables(modifyEnvironment(parseVariables(base), modifications));
}
