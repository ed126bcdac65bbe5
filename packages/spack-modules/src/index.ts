// What @spack-oci/spack-modules offers to other packages.

export { ModuleTree } from "./layout/module-tree.js";
export type { EnvironmentStatement } from "./recipes/environment-method.js";
export { keptRecipePaths } from "./recipes/kept-recipe.js";
export { type RecipeOrigins, readOrigins } from "./recipes/read-origins.js";
export type { Recipe } from "./recipes/recipe.js";
export { RecipeBook, type RecipeRepository } from "./recipes/recipe-book.js";
export type { Modification } from "./settings/environment-rules.js";
export type { ModuleSet, ModuleSystem, Setting, SystemSettings } from "./settings/module-set.js";
export type { Surroundings } from "./surroundings.js";
export { type ModulePlace, modulePlace, removeModuleFile } from "./write/remove-module-file.js";
export {
  type ModuleFileOutcome,
  type ModulePermissions,
  writeModuleFile,
} from "./write/write-module-file.js";
