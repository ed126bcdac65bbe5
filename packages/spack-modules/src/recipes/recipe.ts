// What module files need to know about a recipe, as far as its text shows.

import type { EnvironmentStatement } from "./environment-method.js";

/** Virtual packages that a recipe provides under conditions. */
export interface Provision {
  readonly virtuals: readonly string[];
  /** Specs that the package has to satisfy, all of them. */
  readonly conditions: readonly string[];
}

/** A recipe, with what it inherits. */
export interface Recipe {
  /** The docstring of its class. */
  readonly documentation: string | undefined;
  readonly provisions: readonly Provision[];
  /** Whether the package is a compiler (the tag `compiler`). */
  readonly isCompiler: boolean;
  /** Whether it adds to its own run environment (`setup_run_environment`). */
  readonly changesOwnEnvironment: boolean;
  /** Whether it adds to the run environment of its dependents (`setup_dependent_run_environment`). */
  readonly changesDependents: boolean;
  /** What it adds to its own run environment; undefined if only Python can tell. */
  readonly ownEnvironment: readonly EnvironmentStatement[] | undefined;
  /** What it adds to the run environment of each dependent; undefined if only Python can tell. */
  readonly dependentEnvironment: readonly EnvironmentStatement[] | undefined;
  /** Whether it has a template or variables of its own for module files. */
  readonly hasModuleContext: boolean;
  /** False if a base class was not found, so that more may be inherited. */
  readonly knowsBases: boolean;
  /** False if what it provides depends on code that would have to run. */
  readonly knowsProvisions: boolean;
}

/** Whether a recipe provides a virtual package (Spack: package_base.py, `PackageBase.provides`). */
export function recipeProvides(
  { provisions }: Recipe,
  virtual: string,
  satisfied: (condition: string) => boolean,
): boolean {
  return provisions.some(
    ({ virtuals, conditions }) => virtuals.includes(virtual) && conditions.every(satisfied),
  );
}
