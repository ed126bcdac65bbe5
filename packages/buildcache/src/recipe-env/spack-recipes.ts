// The recipes of a Spack instance: their text, and a way to run them.

import type { RecipeRepository } from "@spack-oci/spack-modules";
import type { RunPython } from "./spack-query.js";

export interface SpackRecipes {
  /** The package repositories that are on this machine, in the order of the configuration. */
  readonly repositories: readonly RecipeRepository[];
  readonly runPython: RunPython;
}
