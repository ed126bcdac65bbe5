// Writes the module files of the packages that a pull installed.

import { runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import { type InstallDatabase, readInstallDatabase } from "@spack-oci/spack-store";
import { writeModuleFiles } from "../../after-install/module-files.js";
import type { ModuleFile } from "../../after-install/module-task.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import type { PullWork } from "./pull-run.js";

/**
 * Externals that were recorded with the packages have module files, too (Spack: installer.py,
 * `_process_external_package`).
 */
export async function writeModulesOf(
  packages: readonly PackageResult[],
  { destination, graph, database, plan, prefixOf, run }: PullWork,
): Promise<ModuleFile[]> {
  const { modules, permissionsOf, upstreams, store } = destination;
  const done = new Set(packages.flatMap((each) => (each.outcome === "done" ? [each.package.hash] : [])));
  const roots = [...done, ...plan.externals.map(({ hash }) => hash)];
  if (modules === undefined || roots.length === 0) return [];
  const pulled = plan.todo.map(({ node }) => node).filter(({ hash }) => done.has(hash));
  const externals = runtimeClosure(graph, roots).filter(
    ({ external, hash }) => external !== undefined && !database.records.has(hash),
  );
  const after = await readInstallDatabase(store);
  return writeModuleFiles({
    configuration: modules,
    graph,
    installed: [...externals, ...pulled],
    prefixOf,
    isExplicit: (node) => isExplicit(node, [after, ...upstreams]),
    permissionsOf,
    run,
  });
}

function isExplicit({ hash }: SpecNode, databases: readonly InstallDatabase[]): boolean {
  return databases.find(({ records }) => records.has(hash))?.records.get(hash)?.explicit === true;
}
