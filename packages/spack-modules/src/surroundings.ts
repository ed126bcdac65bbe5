// What module files depend on besides the configuration: the specs, where they are, and their recipes.

import type { Spec, SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { Recipe } from "./recipes/recipe.js";
import type { Modification } from "./settings/environment-rules.js";

/** The packages that module files are about. */
export interface Surroundings {
  readonly graph: SpecGraph;
  /** The prefix of a package; undefined for one without, such as an external that only names modules. */
  readonly prefixOf: (node: SpecNode) => string | undefined;
  /** Whether the database records the package as explicitly installed. */
  readonly isExplicit: (node: SpecNode) => boolean;
  /** What is known about a package's recipe; undefined if it was not found. */
  readonly recipeOf: (node: SpecNode) => Recipe | undefined;
  /** What recipes add to the run environment of a package: those of its dependencies first, then its own. */
  readonly recipeModifications: (node: SpecNode) => Promise<readonly Modification[]>;
  /** Parses a constraint of the configuration. */
  readonly parse: (constraint: string) => Spec;
  /** Compilers of the configuration in system directories, which serve as core compilers if none are configured. */
  readonly systemCompilers: () => readonly Spec[];
  /** Replaces padding in the path of an install tree by a short note, as in Spack's output. */
  readonly filterPadding: (text: string) => string;
}
