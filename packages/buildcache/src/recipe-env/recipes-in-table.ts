// Applies the table of recipes to the packages that it covers.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { matchingSpecs } from "../catalog/select-specs.js";
import type { PackageUse, RecipeModifications } from "../image-env/executables.js";
import type { IsDirectory } from "../image-env/inspect-prefix.js";
import { DEPENDENT_ROWS, OWN_ROWS, type RecipeAddition } from "./recipe-table.js";

/** The repository that the table covers; a recipe of the same name in another one may differ. */
const NAMESPACE = "builtin";

/** Where the packages are. */
export interface RecipeSurroundings {
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string | undefined;
  readonly isDirectory: IsDirectory;
}

/** What the table says about the packages of one graph. */
export interface RecipeTable {
  /** What a package adds for itself. */
  readonly own: (node: SpecNode) => RecipeAddition[];
  /** What a package adds for one of its dependents. */
  readonly forDependent: (node: SpecNode, dependent: SpecNode) => Promise<RecipeAddition[]>;
  /** Whether the table has what the recipe adds for the package itself. */
  readonly coversOwn: (node: SpecNode) => boolean;
  /** Whether the table has what the recipe adds for dependents. */
  readonly coversDependents: (node: SpecNode) => boolean;
}

/** What recipes add for each package, and for its direct dependents (Spack: `SetupContext.get_env_modifications`). */
export function recipesInTable(surroundings: RecipeSurroundings): RecipeModifications {
  const table = recipeTable(surroundings);
  return async ({ node, dependents }: PackageUse) => {
    const added = await Promise.all(dependents.map((dependent) => table.forDependent(node, dependent)));
    return [...added.flat(), ...table.own(node)];
  };
}

/** The table, applied to packages in their prefixes. */
export function recipeTable({ graph, prefixOf, isDirectory }: RecipeSurroundings): RecipeTable {
  const cache = new Map<string, ReadonlySet<string>>();
  const isNamed = (node: SpecNode, spec: string) =>
    /^[\w-]+/.exec(spec)?.[0] === node.name && node.namespace === NAMESPACE;
  const matches = (node: SpecNode, spec: string) => {
    if (!isNamed(node, spec)) return false;
    let hashes = cache.get(spec);
    if (hashes === undefined) {
      const candidates = [...graph.values()].filter(({ name }) => name === node.name);
      const pool = { graph, candidates, name: "the table of recipes" };
      hashes = new Set(matchingSpecs(pool, [spec]).map(({ hash }) => hash));
      cache.set(spec, hashes);
    }
    return hashes.has(node.hash);
  };
  const fillerOf = (node: SpecNode) =>
    filler({
      prefix: prefixOf(node),
      version: firstNumbers(node),
      python: firstNumbers(pythonOf(graph, node)),
    });

  async function forDependent(node: SpecNode, dependent: SpecNode) {
    const fill = fillerOf(node);
    const rows = DEPENDENT_ROWS.filter(
      ({ spec, dependents = "", unless }) =>
        matches(node, spec) &&
        dependent.name.startsWith(dependents) &&
        !dependent.dependencies.some(({ name }) => name === unless),
    );
    const found: RecipeAddition[] = [];
    for (const { change: kind, variable: name, value: text, mustExist } of rows) {
      const value = fill(text, prefixOf(dependent));
      if (value === undefined || (mustExist && !(await isDirectory(value)))) continue;
      found.push({ kind, name, value });
    }
    return found;
  }

  function own(node: SpecNode) {
    const fill = fillerOf(node);
    return OWN_ROWS.flatMap(([spec, kind, name, text, separator]): RecipeAddition[] => {
      const value = matches(node, spec) ? fill(text) : undefined;
      return value === undefined ? [] : [{ kind, name, value, separator }];
    });
  }

  return {
    own,
    forDependent,
    coversOwn: (node) => OWN_ROWS.some(([spec]) => isNamed(node, spec)),
    coversDependents: (node) => DEPENDENT_ROWS.some(({ spec }) => isNamed(node, spec)),
  };
}

/** Fills in the placeholders of a value; undefined if one of them is unknown. */
type Fill = (text: string, dependent?: string | undefined) => string | undefined;

function filler(own: Readonly<Record<string, string | undefined>>): Fill {
  return (text, dependent) => {
    const known: Readonly<Record<string, string | undefined>> = { ...own, dependent };
    const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    if (names.some((name) => known[name] === undefined)) return undefined;
    return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? "");
  };
}

function pythonOf(graph: SpecGraph, node: SpecNode): SpecNode | undefined {
  if (node.name === "python") return node;
  return graph.get(node.dependencies.find(({ name }) => name === "python")?.hash ?? "");
}

function firstNumbers(node: SpecNode | undefined): string | undefined {
  return /^\d+\.\d+/.exec(node?.version ?? "")?.[0];
}
