// Which module files only Spack can write: those that depend on what recipes do, on templates of the site, or on views.

import type { Recipe } from "@spack-oci/spack-modules";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { ModuleConfiguration } from "../destination/module-configuration.js";
import type { RecipeTable } from "../recipe-env/recipes-in-table.js";
import type { ModuleTask } from "./module-task.js";

/**
 * Why Spack is needed. Without it, files that need recipes are written without what these add; others are not written.
 */
export type SpackNeed = "recipe" | "template" | "view";

/**
 * Recipes of Spack's own repository that add to the environment of their dependents, for packages whose recipe is not
 * on this machine (Spack: spack-packages, `setup_dependent_run_environment`).
 */
const CHANGE_DEPENDENTS = new Set(
  (
    "adwaita-icon-theme amdlibflame amdscalapack at-spi2-core aws-ofi-nccl aws-ofi-rccl babl cryptsetup dislin fairroot " +
    "fftx gegl glib gnuradio gobject-introspection gsettings-desktop-schemas gtkplus gtksourceview harfbuzz hdf5-blosc " +
    "hicolor-icon-theme icedtea jdk kicad kynema-ugf libfabric librsvg libx11 libxfce4ui libxfce4util llvm-amdgpu lua " +
    "macfuse nalu-wind nektar newt npm openfoam openfoam-org openjdk openmm pango perl pgplot postgresql py-cartopy " +
    "py-eccodes py-jupyter-core py-nbconvert py-pythran pythia8 python python-venv r root ruby scons shared-mime-info " +
    "spiral-software tcl tcl-togl tempo trilinos xfce4-session xkeyboard-config"
  ).split(" "),
);

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

function mayChangeDependents({ name }: SpecNode, recipe: Recipe | undefined): boolean {
  return recipe?.changesDependents === true || (recipe?.knowsBases !== true && CHANGE_DEPENDENTS.has(name));
}
