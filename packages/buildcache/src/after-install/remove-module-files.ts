// Removes the module files of packages that are uninstalled, as Spack's hook does.

import { isSpackOciError } from "@spack-oci/errors";
import { type ModulePlace, type ModuleTree, modulePlace, removeModuleFile } from "@spack-oci/spack-modules";
import type { SpecNode } from "@spack-oci/spack-spec";
import { type InstallDatabase, withUpstreams } from "@spack-oci/spack-store";
import type { Destination } from "../destination/destination.js";
import { describePackage, type Listener } from "../events/events.js";
import { asSpackOciError } from "../failures/failure.js";
import type { Run } from "../schedule/run.js";
import type { ModuleTask } from "./module-task.js";
import { moduleTrees } from "./module-trees.js";
import { findThroughSpack } from "./spack-module-places.js";

/** Where the module files of packages are, by DAG hash. */
export type ModulePlaces = ReadonlyMap<string, readonly ModulePlace[]>;

/**
 * Finds the module files of packages that are about to be removed, since names depend on records, and those of a
 * hierarchy on recipes, which prefixes keep (Spack: hooks/module_file_generation.py, `post_uninstall`). Only Spack
 * knows the places that depend on code in recipes. What fails here becomes a warning.
 */
export async function findModuleFiles(
  nodes: readonly SpecNode[],
  database: InstallDatabase,
  { destination, run }: { readonly destination: Destination; readonly run: Run },
): Promise<ModulePlaces> {
  const { modules: configuration, upstreams } = destination;
  const places = new Map<string, ModulePlace[]>();
  if (configuration === undefined) return places;
  const { graph, records } = withUpstreams(database, upstreams);
  const { trees } = moduleTrees({
    configuration,
    graph,
    prefixOf: ({ hash, external }) => external?.path ?? records.get(hash)?.path ?? "",
    isExplicit: ({ hash }) => records.get(hash)?.explicit === true,
  });
  const add = (hash: string, place: ModulePlace) => places.set(hash, [...(places.get(hash) ?? []), place]);
  const forSpack: ModuleTask[] = [];
  for (const { tree, node } of trees.flatMap((tree) => nodes.map((node) => ({ tree, node })))) {
    try {
      if (dependsOnCode(tree, node)) forSpack.push({ tree, node });
      else add(node.hash, modulePlace(tree, node));
    } catch (error) {
      if (!isSpackOciError(error)) throw error;
      warn(run.listener, `Could not find the ${tree.system} module file of ${describePackage(node)}`, error);
    }
  }
  if (forSpack.length === 0) return places;
  try {
    const found = await findThroughSpack(forSpack, {
      runPython: configuration.runPython,
      signal: run.signal,
    });
    for (const { hash, ...place } of found) add(hash, place);
  } catch (error) {
    run.signal?.throwIfAborted();
    const names = [...new Set(forSpack.map(({ node }) => describePackage(node)))].join(", ");
    warn(run.listener, `Only Spack knows where module files of ${names} are, but it could not run`, error);
  }
  return places;
}

/** Removes the module files of one package that is gone. @returns the paths of those that existed */
export async function removeModuleFiles(
  places: readonly ModulePlace[],
  listener: Listener | undefined,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const place of places) {
    try {
      if (await removeModuleFile(place)) removed.push(place.path);
    } catch (error) {
      warn(listener, `Could not remove the module file ${place.path}`, error);
    }
  }
  return removed;
}

function dependsOnCode(tree: ModuleTree, node: SpecNode): boolean {
  if ((tree.hierarchy?.tokens.length ?? 0) <= 1) return false;
  const recipe = tree.surroundings.recipeOf(node);
  return !(recipe?.knowsBases === true && recipe.knowsProvisions);
}

function warn(listener: Listener | undefined, what: string, error: unknown): void {
  listener?.({ type: "warning", message: `${what}: ${asSpackOciError(error).message}` });
}
