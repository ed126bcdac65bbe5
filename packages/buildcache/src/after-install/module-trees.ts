// The trees of module files that a store's configuration asks for.

import { ModuleTree, RecipeBook, type Surroundings } from "@spack-oci/spack-modules";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { filterPadding } from "@spack-oci/spack-store";
import type { ModuleConfiguration } from "../destination/module-configuration.js";
import { knownDirectories } from "../image-env/known-directories.js";
import { type RecipeTable, recipeTable } from "../recipe-env/recipes-in-table.js";

/** The packages that module files are about. */
export interface ModulePackages {
  readonly configuration: ModuleConfiguration;
  readonly graph: SpecGraph;
  /** Empty for a package without a prefix. */
  readonly prefixOf: (node: SpecNode) => string;
  readonly isExplicit: (node: SpecNode) => boolean;
}

/** One tree for each enabled system in each set, and what is known about recipes. */
export interface ModuleTrees {
  readonly trees: readonly ModuleTree[];
  readonly book: RecipeBook;
  readonly table: RecipeTable;
}

export function moduleTrees(packages: ModulePackages): ModuleTrees {
  const { configuration, graph } = packages;
  const prefixOf = (node: SpecNode) => packages.prefixOf(node) || undefined;
  const book = new RecipeBook(configuration.repositories, prefixOf);
  const table = recipeTable({ graph, prefixOf, isDirectory: knownDirectories() });
  const surroundings: Surroundings = {
    graph,
    prefixOf,
    isExplicit: packages.isExplicit,
    recipeOf: (node) => book.recipeOf(node),
    recipeModifications: (node) => modificationsInTable(table, graph, node),
    parse: configuration.parse,
    systemCompilers: () => configuration.systemCompilers.map(configuration.parse),
    filterPadding,
  };
  const trees = configuration.sets.flatMap((set) =>
    set.enabled.map((system) => new ModuleTree(surroundings, set, system)),
  );
  return { trees, book, table };
}

async function modificationsInTable(table: RecipeTable, graph: SpecGraph, node: SpecNode) {
  const dependencies = node.dependencies
    .filter(({ deptypes }) => deptypes.includes("link") || deptypes.includes("run"))
    .flatMap(({ hash }) => graph.get(hash) ?? []);
  const added = await Promise.all(dependencies.map((each) => table.forDependent(each, node)));
  return [...added.flat(), ...table.own(node)];
}
