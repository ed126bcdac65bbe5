// The verb pull: installs packages of a buildcache into a store.

import { runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import { checkSpecsFit, readInstallDatabase } from "@spack-oci/spack-store";
import { regenerateViews } from "../../after-install/environment-views.js";
import type { ModuleFile } from "../../after-install/module-task.js";
import { type ChosenPackages, choosePackages } from "../../catalog/choose-packages.js";
import { findUnlisted } from "../../catalog/find-packages.js";
import { describeArchitecture } from "../../catalog/machine.js";
import { notFound, type SpecPool, selectSpecsFor } from "../../catalog/select-specs.js";
import { type Destination, locatePackages } from "../../destination/destination.js";
import { storeLocks } from "../../destination/store-locks.js";
import { describePackage, type ViewResult } from "../../events/events.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import { requireDistinctPrefixes } from "./distinct-prefixes.js";
import { writeModulesOf } from "./module-files.js";
import { type PullItem, type PullPlan, planPull } from "./plan-pull.js";
import type { PullRequest } from "./pull-request.js";
import { PullRun } from "./pull-run.js";
import { requireWritable } from "./require-writable.js";

export interface PullResult {
  readonly plan: PullPlan;
  /** DAG hashes of the requested packages, in the order of the request. */
  readonly roots: readonly string[];
  /** One for each package to pull or missing; after a dry run, only the missing ones. */
  readonly packages: readonly PackageResult[];
  /** One for each view of the active environment; none after a dry run. */
  readonly views: readonly ViewResult[];
  /** The module files that were written for these packages. */
  readonly moduleFiles: readonly ModuleFile[];
  /** How many packages the buildcache has, requested or not. */
  readonly available: number;
}

/**
 * Pulls the packages that a request selects, with their link and run dependencies.
 *
 * A prefix becomes visible only once it is complete, and gets its database record after that. Until then Spack's lock
 * on it keeps other installers out; packages that they install meanwhile are left to them. A package that fails
 * leaves nothing behind. Its dependents are skipped, and all other packages are installed. Then the views of the active
 * environment are brought up to date.
 *
 * @throws SpackOciError if the buildcache does not answer, a spec matches nothing, or the database cannot be read
 *
 * @example
 * ```ts
 * import { createScheduler, openSession, pull, requireAll } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const store = await session.stores.destination({ root: `${process.cwd()}/opt` });
 * const run = { scheduler: createScheduler(4) };
 * const { plan, packages } = await pull(mirror, { specs: ["json-c-lite"] }, { store, run });
 * requireAll(packages);
 * console.log(plan.todo.some(({ node }) => node.name === "json-c-lite")); // true
 * ```
 */
export async function pull(
  mirror: Buildcache,
  request: PullRequest,
  { store: destination, run }: VerbContext & { readonly store: Destination },
): Promise<PullResult> {
  const { listener } = run;
  if (request.dryRun !== true) await requireWritable(destination.store.root);
  const database = await readInstallDatabase(destination.store);
  const { catalog, roots, named, available } = await choose(mirror, request, run);
  const { graph } = catalog;
  const locations = await locatePackages(destination, database, {
    graph,
    nodes: runtimeClosure(graph, roots),
  });
  const planWith = (unlisted: readonly SpecNode[]) =>
    planPull({
      catalog: { ...catalog, packages: [...catalog.packages, ...unlisted] },
      roots,
      named,
      prefixOf: locations.prefixOf,
      isInstalled: (node) => locations.installed.has(node.hash),
      force: request.force ?? false,
    });
  const listed = planWith([]);
  const missing = listed.missing.map((item) => item.node);
  const plan = catalog.indexed ? planWith(await findUnlisted(missing, mirror, run)) : listed;
  listener?.({ type: "planned", todo: plan.todo.length + plan.missing.length, present: plan.present.length });
  const nodes = plan.todo.map((item) => item.node);
  checkSpecsFit(database.version, nodes, destination.store.databaseDirectory);
  requireDistinctPrefixes(plan.todo, database);
  if (request.dryRun === true)
    return {
      plan,
      roots,
      available,
      packages: plan.missing.map((item) => missingPackage(item, mirror.name)),
      views: [],
      moduleFiles: [],
    };

  const locks = await storeLocks(run, destination.locks);
  const work = { mirror, request, destination, plan, graph, database, locks, run, ...locations };
  const packages = await new PullRun(work).run();
  const moduleFiles = await writeModulesOf(packages, work);
  const views = await regenerateViews(destination, locks, run);
  return { plan, roots, available, packages, moduleFiles, views };
}

/** Says so if packages for other machines are left out of everything. */
async function choose(mirror: Buildcache, request: PullRequest, run: Run): Promise<ChosenPackages> {
  const { specs, environment, machine } = request;
  if (machine === undefined || environment !== undefined) return choosePackages([mirror], request, run);
  const forMachine = (pool: SpecPool, named: readonly string[]) => selectSpecsFor(machine, pool, named);
  const chosen = await choosePackages([mirror], { specs, choose: forMachine }, run);
  const others = chosen.available - chosen.roots.length;
  if (specs.length === 0 && others > 0) {
    const message = `${others} of ${chosen.available} packages in ${mirror.name} are for other machines than ${describeArchitecture(machine)} and are left out; --allarch includes them.`;
    run.listener?.({ type: "warning", message });
  }
  return chosen;
}

function missingPackage({ node }: PullItem, mirror: string): PackageResult {
  return { outcome: "failed", package: node, error: notFound(describePackage(node), mirror) };
}
