// Computes the environment of an image of packages, `config.Env`, as Spack does.

import { executableModifications, type RecipeModifications } from "./executables.js";
import { type InspectedPackages, inspectedModifications } from "./inspect-packages.js";
import { type EnvironmentModification, modifyEnvironment } from "./modifications.js";
import { formatVariables, parseVariables } from "./variables.js";

/** What the environment of an image is computed from. */
export interface ImageEnvironmentRequest extends InspectedPackages {
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

/** Variables as `NAME=VALUE`: those of the base, then others by name. */
export async function imageEnvironment(request: ImageEnvironmentRequest): Promise<string[]> {
  const [inspected, executable] = await Promise.all([
    inspectedModifications(request),
    request.runEnvironment ?? executableModifications(request),
  ]);
  const modifications = [...inspected, ...executable, ...(request.additions ?? [])];
  return formatVariables(modifyEnvironment(parseVariables(request.base), modifications));
}
