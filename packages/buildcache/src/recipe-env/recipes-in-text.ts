// Applies what the text of recipes says about run environments, without running them.

import type { EnvironmentStatement, Recipe } from "@spack-oci/spack-modules";
import { parseSpec, type SpecNode, satisfies, specOfNode } from "@spack-oci/spack-spec";
import type { PackageUse, RecipeModifications } from "../image-env/executables.js";
import type { EnvironmentModification } from "../image-env/modifications.js";
import { mayChangeDependents } from "./change-dependents.js";
import { type RecipeSurroundings, recipeTable } from "./recipes-in-table.js";

/** What recipes add, and which recipes only Spack can evaluate. */
export interface RecipesInText {
  readonly recipeOf: RecipeModifications;
  /** Packages whose recipes may add something that is missing; complete once all packages were asked for. */
  readonly unknown: ReadonlySet<SpecNode>;
}

/** Packages whose recipes add nothing, although not all of their text may be on this machine. */
const WITHOUT_ENVIRONMENT = new Set(["compiler-wrapper", "gcc-runtime", "glibc", "musl"]);

/**
 * Evaluates methods that consist of plain statements. For others, the table of common recipes counts, and what it
 * does not cover is unknown.
 *
 * @param textOf the recipe of a package as far as its text shows; undefined if there is no text
 */
export function recipesInText(
  surroundings: RecipeSurroundings,
  textOf: (node: SpecNode) => Recipe | undefined,
): RecipesInText {
  const table = recipeTable(surroundings);
  const unknown = new Set<SpecNode>();

  function apply(
    statements: readonly EnvironmentStatement[],
    node: SpecNode,
    dependent?: SpecNode,
  ): EnvironmentModification[] {
    const { graph, prefixOf } = surroundings;
    const textOfPart = (part: EnvironmentStatement["value"][number]) => {
      if (typeof part === "string") return part;
      const owner = part.prefixOf === "self" ? node : dependent;
      return (owner === undefined ? undefined : prefixOf(owner)) ?? "";
    };
    return statements
      .filter(({ conditions }) =>
        conditions.every(({ spec, holds }) => satisfies(specOfNode(graph, node), parseSpec(spec)) === holds),
      )
      .map(({ change, name, value, separator }) => ({
        kind: change,
        name,
        value: value.map(textOfPart).join(""),
        separator,
      }));
  }

  async function forDependents({ node, dependents }: PackageUse, recipe: Recipe | undefined) {
    const statements = recipe?.dependentEnvironment;
    if (statements !== undefined)
      return dependents.flatMap((dependent) => apply(statements, node, dependent));
    if (dependents.length > 0 && mayChangeDependents(node, recipe) && !table.coversDependents(node))
      unknown.add(node);
    return (await Promise.all(dependents.map((dependent) => table.forDependent(node, dependent)))).flat();
  }

  function own(node: SpecNode, recipe: Recipe | undefined) {
    const statements = recipe?.ownEnvironment;
    if (statements !== undefined) return apply(statements, node);
    const isEmpty = WITHOUT_ENVIRONMENT.has(node.name) && recipe?.changesOwnEnvironment !== true;
    if (!isEmpty && !table.coversOwn(node)) unknown.add(node);
    return table.own(node);
  }

  return {
    unknown,
    recipeOf: async (use) => {
      const recipe = textOf(use.node);
      return [...(await forDependents(use, recipe)), ...own(use.node, recipe)];
    },
  };
}
