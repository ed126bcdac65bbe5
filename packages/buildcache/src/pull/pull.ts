// The verb pull: packages of a buildcache become prefixes of a store.

import type { Target } from "@spack-oci/oci-client";
import { loadFileLocks, readInstallDatabase, runtimeClosure } from "@spack-oci/spack-store";
import type { Listener } from "../events.js";
import type { PackageResult } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { selectSpecs } from "../select/select-specs.js";
import { readCatalogue } from "./catalogue.js";
import { type Destination, installedAmong, prefixIn } from "./destination.js";
import { type PullPlan, planPull } from "./plan-pull.js";
import { PullRun } from "./pull-run.js";

export interface PullOptions {
  /** Install the named packages again where they are there. */
  readonly force?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PullResult {
  readonly plan: PullPlan;
  /** One for each package that was to be pulled or is missing; empty after a dry run. */
  readonly packages: readonly PackageResult[];
}

/**
 * Pulls the packages that the arguments name, all without arguments, with what they link and run with.
 *
 * A prefix becomes visible only when it is complete, and gets its database record after that; until then Spack's lock on
 * it keeps other installers away, and what they install meanwhile is left to them. A package that fails leaves nothing
 * behind; those that need it are skipped, all others are installed.
 *
 * @throws SpackOciError where the buildcache does not answer, an argument names nothing, or the database cannot be read
 */
export async function pull(
  target: Target,
  destination: Destination,
  scheduler: Scheduler,
  specArguments: readonly string[],
  options: PullOptions = {},
): Promise<PullResult> {
  const { listener } = options;
  const [catalogue, database] = await Promise.all([
    readCatalogue(target, scheduler, options),
    readInstallDatabase(destination.store),
  ]);
  const roots = selectSpecs(catalogue.packages, specArguments, target.name).map((node) => node.hash);
  const prefixOf = prefixIn(destination, database, catalogue.graph);
  const installed = await installedAmong(runtimeClosure(catalogue.graph, roots), database, prefixOf);
  const plan = planPull({
    catalogue,
    roots,
    named: specArguments.length > 0,
    prefixOf,
    isInstalled: (node) => installed.has(node.hash),
    force: options.force ?? false,
  });
  listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  if (options.dryRun === true) return { plan, packages: [] };

  const locks = await loadFileLocks(({ reason }) =>
    listener?.({
      type: "warning",
      message: `The store is written without locks that Spack sees: ${reason}`,
    }),
  );
  const context = { ...options, graph: catalogue.graph, prefixOf, database, locks };
  return { plan, packages: await new PullRun(target, destination, scheduler, context).packages(plan) };
}
