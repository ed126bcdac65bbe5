// Reads the recipes that installed packages keep, and which of them only Spack can put into a view.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { ViewDescriptor } from "../descriptor/view-descriptor.js";
import { type RecipeTraits, readTraits } from "./recipe-traits.js";

/** The traits of packages by DAG hash. */
export type RecipesByHash = ReadonlyMap<string, RecipeTraits>;

/**
 * Reads the recipe that each prefix keeps (Spack: installer.py, `dump_packages`). Externals have none.
 *
 * @throws SpackOciError `ERR_RECIPE_UNREADABLE` (`failed`)
 */
export async function readRecipes(
  nodes: readonly SpecNode[],
  prefixOf: (node: SpecNode) => string,
): Promise<RecipesByHash> {
  const traits = new Map<string, RecipeTraits>();
  for (const node of nodes) {
    const text = node.external === undefined ? await recipeIn(prefixOf(node), node) : undefined;
    traits.set(node.hash, readTraits(node.name, text));
  }
  return traits;
}

/**
 * Whether the recipe of a package takes part in making a view: with methods of its own, or because it extends a package
 * whose projection it shares.
 */
export function needsRecipe(
  node: SpecNode,
  { viewMethods, extendees }: RecipeTraits,
  {
    descriptor,
    graph,
  }: { readonly descriptor: Pick<ViewDescriptor, "projections">; readonly graph: SpecGraph },
): boolean {
  if (node.external !== undefined) return false;
  if (viewMethods === "always") return true;
  const dependencies = node.dependencies.filter(({ deptypes }) =>
    deptypes.some((type) => type === "link" || type === "run"),
  );
  const python =
    dependencies.find(({ name }) => name === "python-venv") ??
    dependencies.find(({ name }) => name === "python");
  const hasOwnPython = python !== undefined && graph.get(python.hash)?.external === undefined;
  if (viewMethods === "with-python" && hasOwnPython) return true;
  return descriptor.projections.size > 0 && dependencies.some(({ name }) => extendees.has(name));
}

/** Since Spack 1.0, repositories are packages of Python and below `spack_repo`. */
async function recipeIn(prefix: string, { name, namespace }: SpecNode): Promise<string | undefined> {
  const repositories = join(prefix, ".spack", "repos");
  const module = name.replaceAll("-", "_").replace(/^(?=\d)/, "_");
  for (const directory of [join(repositories, "spack_repo"), repositories]) {
    for (const repository of await namesIn(directory)) {
      if (namespace !== undefined && repository !== namespace.split(".")[0] && repository !== namespace)
        continue;
      for (const folder of [module, name]) {
        const text = await textAt(join(directory, repository, "packages", folder, "package.py"));
        if (text !== undefined) return text;
      }
    }
  }
  return undefined;
}

function namesIn(directory: string): Promise<readonly string[]> {
  return unlessMissing(directory, () => readdir(directory)).then((names) => names ?? []);
}

function textAt(path: string): Promise<string | undefined> {
  return unlessMissing(path, () => readFile(path, "utf8"));
}

async function unlessMissing<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (cause) {
    if (["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new SpackOciError("ERR_RECIPE_UNREADABLE", `Could not read the recipe ${path}.`, {
      kind: "failed",
      place: path,
      hint: "Check its permissions.",
      cause,
    });
  }
}
