// The verb env: what makes installed packages usable in a shell, and the way back.

import { DEFAULT_PREFIX_INSPECTIONS } from "@spack-oci/spack-config";
import { RecipeBook } from "@spack-oci/spack-modules";
import { runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import type { Store } from "@spack-oci/spack-store";
import { describePackage } from "../../events/events.js";
import { firstNames } from "../../events/first-names.js";
import { executableModifications } from "../../image-env/executables.js";
import { inspectedModifications } from "../../image-env/inspect-packages.js";
import { inspectOnce, type PrefixInspections } from "../../image-env/inspect-prefix.js";
import { knownDirectories } from "../../image-env/known-directories.js";
import type { EnvironmentModification } from "../../image-env/modifications.js";
import { reversed } from "../../image-env/reverse.js";
import {
  type Choice,
  type InstalledPackages,
  installedPackages,
} from "../../installed/installed-packages.js";
import { recipesInText } from "../../recipe-env/recipes-in-text.js";
import { modificationsFromSpack } from "../../recipe-env/spack-modifications.js";
import type { SpackRecipes } from "../../recipe-env/spack-recipes.js";
import type { Run } from "../../schedule/run.js";

/** The variable in which Spack remembers what is loaded (Spack: user_environment.py, `spack_loaded_hashes_var`). */
export const LOADED_HASHES = "SPACK_LOADED_HASHES";

export interface EnvRequest extends Choice {
  /** Stores whose packages the store uses. */
  readonly upstreams?: readonly Store[] | undefined;
  /** Spack's default if undefined. */
  readonly inspections?: PrefixInspections | undefined;
  /** The recipes of a Spack, which can run them; if undefined, only the text that prefixes keep is known. */
  readonly recipes?: SpackRecipes | undefined;
}

/** How the environment changes. */
export interface EnvResult {
  /** The packages that were named. */
  readonly packages: readonly SpecNode[];
  /** Steps to apply in order, with `modifyEnvironment`. */
  readonly modifications: readonly EnvironmentModification[];
}

/** Where the packages are. */
export interface EnvContext {
  readonly store: Store;
  readonly run: Pick<Run, "listener" | "signal">;
}

/** How many packages a warning names. */
const MAX_NAMED = 5;

/**
 * The steps of `spack load` (Spack: cmd/load.py and user_environment.py, `environment_modifications_for_specs`): the
 * directories in the prefixes of the packages and of what they link or run with, and what recipes add. Recipes are
 * read, not run; Spack runs if one of them is more than plain statements. If it cannot, a warning names what may be
 * missing.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, and the errors of databases
 */
export async function loadEnvironment(request: EnvRequest, { store, run }: EnvContext): Promise<EnvResult> {
  const installed = await installedPackages(store, request.upstreams);
  const packages = installed.choose(request);
  const modifications = await modificationsFor(packages, { installed, request, run });
  const loaded = packages.map(({ hash }) => ({
    kind: "prepend-path" as const,
    name: LOADED_HASHES,
    value: hash,
  }));
  return { packages, modifications: [...modifications, ...loaded] };
}

/**
 * The steps of `spack unload` (Spack: cmd/unload.py). Without specs, all of `among` is unloaded.
 *
 * @param request `among` has what is loaded
 * @throws SpackOciError as {@link loadEnvironment} does
 */
export async function unloadEnvironment(
  request: EnvRequest & { readonly among: ReadonlySet<string> },
  { store, run }: EnvContext,
): Promise<EnvResult> {
  const installed = await installedPackages(store, request.upstreams);
  const packages = installed.choose(request);
  const modifications = reversed(await modificationsFor(packages, { installed, request, run }));
  const unloaded = packages.map(({ hash }) => ({
    kind: "remove-path" as const,
    name: LOADED_HASHES,
    value: hash,
  }));
  return { packages, modifications: [...modifications, ...unloaded] };
}

interface Work {
  readonly installed: InstalledPackages;
  readonly request: EnvRequest;
  readonly run: EnvContext["run"];
}

async function modificationsFor(
  packages: readonly SpecNode[],
  { installed, request, run }: Work,
): Promise<readonly EnvironmentModification[]> {
  const { graph, prefixOf, store } = installed;
  const { recipes, inspections = DEFAULT_PREFIX_INSPECTIONS } = request;
  const isDirectory = knownDirectories();
  const roots = packages.map(({ hash }) => hash);
  const book = new RecipeBook(recipes?.repositories ?? [], prefixOf);
  const { recipeOf, unknown } = recipesInText({ graph, prefixOf, isDirectory }, (node) =>
    book.recipeOf(node),
  );
  const inspect = inspectOnce(inspections, isDirectory);
  const inspected = await inspectedModifications({ graph, roots, prefixOf, inspect });
  const executable = await executableModifications({ graph, roots, prefixOf, isDirectory, recipeOf });
  if (unknown.size > 0) {
    // Spack would clone repositories that it does not have.
    const isKnownToSpack = runtimeClosure(graph, roots).every((node) => book.isInstalled(node));
    if (recipes !== undefined && isKnownToSpack)
      return modificationsFromSpack(recipes.runPython, { storeRoot: store.root, roots }, run.signal);
    run.listener?.({ type: "warning", message: mayBeMissing([...unknown]) });
  }
  return [...inspected, ...executable];
}

function mayBeMissing(unknown: readonly SpecNode[]): string {
  const names = firstNames(unknown.map(describePackage), MAX_NAMED);
  return `The environment may lack variables that the recipes of ${names} set: only a Spack that has these recipes can run them.`;
}
