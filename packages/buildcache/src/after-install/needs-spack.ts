// Which module files only Spack can write: those that depend on what recipes do, on templates of the site, or on views.

import type { ModuleConfiguration } from "../destination/module-configuration.js";
import { mayChangeDependents } from "../recipe-env/change-dependents.js";
import type { RecipeTable } from "../recipe-env/recipes-in-table.js";
import type { ModuleTask } from "./module-task.js";

/**
 * Why Spack is needed. Without it, files that need recipes are written without what these add; others are not written.
 */
export type SpackNeed = "recipe" | "template" | "view";

/** Undefined if this program writes the file by itself. */
export function needForSpack(
  { tree, node }: ModuleTask,
  { ownTemplates }: Pick<ModuleConfiguration, "ownTemplates">,
  table: RecipeTable,
): SpackNeed | undefined {
  const { graph, recipeOf } = tree.surroundings;
  const recipe = recipeOf(node);
  if (tree.rulesOf(node).has("template") || ownTemplates.has(tree.system)) return "template";
  if (recipe?.hasModuleContext === true) return "template";
  if (tree.set.view !== undefined) return "view";
  const isKnown =
    recipe?.knowsBases === true && (tree.system === "tcl" || recipe.knowsProvisions || !hasHierarchy(tree));
  if (!isKnown && !table.coversOwn(node)) return "recipe";
  if (recipe?.changesOwnEnvironment === true && !table.coversOwn(node)) return "recipe";
  const dependencies = node.dependencies
    .filter(({ deptypes }) => deptypes.includes("link") || deptypes.includes("run"))
    .flatMap(({ hash }) => graph.get(hash) ?? []);
  const isOpen = dependencies.some(
    (dependency) =>
      mayChangeDependents(dependency, recipeOf(dependency)) && !table.coversDependents(dependency),
  );
  return isOpen ? "recipe" : undefined;
}

function hasHierarchy(tree: ModuleTask["tree"]): boolean {
  return (tree.hierarchy?.tokens.length ?? 0) > 1;
}
