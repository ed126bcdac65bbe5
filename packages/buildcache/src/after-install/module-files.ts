// Writes the module files of packages that were just installed, as Spack's hook does.

import { isSpackOciError } from "@spack-oci/errors";
import { type RecipeBook, writeModuleFile } from "@spack-oci/spack-modules";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { PackagePermissions } from "@spack-oci/spack-store";
import type { RecipeTable } from "../recipe-env/recipes-in-table.js";
import type { Run } from "../schedule/run.js";
import type { EndedTask, ModuleFile, ModuleTask, TaskOutcome } from "./module-task.js";
import { type ModulePackages, moduleTrees } from "./module-trees.js";
import { needForSpack } from "./needs-spack.js";
import { reportModuleFiles } from "./report-module-files.js";
import { writeThroughSpack } from "./spack-module-files.js";

/** What was installed, and the store that has it. */
export interface ModuleFilesRequest extends ModulePackages {
  /** Packages that were installed, and externals that were recorded with them; dependencies first. */
  readonly installed: readonly SpecNode[];
  readonly permissionsOf: (name: string) => Promise<PackagePermissions>;
  readonly run: Pick<Run, "listener" | "signal">;
}

/**
 * Writes a file for every package, enabled module system and set (Spack: hooks/module_file_generation.py). What depends
 * on recipes or on the site's own templates is left to Spack itself, if it can run. Nothing that fails here undoes an
 * install; it becomes a warning that says what to run.
 */
export async function writeModuleFiles(request: ModuleFilesRequest): Promise<ModuleFile[]> {
  const { configuration, installed, run } = request;
  const { trees, book, table } = moduleTrees(request);
  const ended: EndedTask[] = [];
  const forSpack: ModuleTask[] = [];
  for (const task of trees.flatMap((tree) => installed.map((node) => ({ tree, node })))) {
    run.signal?.throwIfAborted();
    const end = await orFailed(async () => {
      if (task.tree.isExcluded(task.node)) return { outcome: "excluded" };
      if (needForSpack(task, configuration, table) === undefined) return writeNatively(task, request);
      forSpack.push(task);
      return undefined;
    });
    if (end !== undefined) ended.push({ ...task, end });
  }
  ended.push(...(await leaveToSpack(forSpack, { request, book, table })));
  reportModuleFiles(ended, run.listener);
  return ended.flatMap(({ tree, node, end }) =>
    end.outcome === "written"
      ? [{ package: node, set: tree.set.name, system: tree.system, path: end.path }]
      : [],
  );
}

/** If Spack cannot do it, files are still written if they only lack what recipes add. */
async function leaveToSpack(
  tasks: readonly ModuleTask[],
  { request, book, table }: { request: ModuleFilesRequest; book: RecipeBook; table: RecipeTable },
): Promise<EndedTask[]> {
  if (tasks.length === 0) return [];
  const { configuration, run } = request;
  const unknown = tasks.find(({ node }) => !book.isInstalled(node));
  // Spack would clone repositories that it does not have.
  const ends: readonly TaskOutcome[] =
    unknown === undefined
      ? await writeThroughSpack(tasks, { runPython: configuration.runPython, signal: run.signal })
      : tasks.map(() => ({
          outcome: "left",
          reason: `the recipe of ${unknown.node.name} is not on this machine`,
        }));
  return Promise.all(
    tasks.map(async (task, index): Promise<EndedTask> => {
      const end = ends[index] as TaskOutcome;
      if (end.outcome !== "left" || needForSpack(task, configuration, table) !== "recipe")
        return { ...task, end };
      const native = (await orFailed(() => writeNatively(task, request))) as TaskOutcome;
      return native.outcome === "written"
        ? { ...task, end: native, lacksRecipe: end.reason }
        : { ...task, end: native };
    }),
  );
}

async function writeNatively(
  { tree, node }: ModuleTask,
  { permissionsOf }: ModuleFilesRequest,
): Promise<TaskOutcome> {
  return writeModuleFile(tree, node, await permissionsOf(node.name));
}

async function orFailed(work: () => Promise<TaskOutcome | undefined>): Promise<TaskOutcome | undefined> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    const hint = isSpackOciError(error) && error.hint !== undefined ? ` ${error.hint}` : "";
    return { outcome: "failed", reason: `${message}${hint}` };
  }
}
