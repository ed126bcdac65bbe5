// The verb pull: packages of a buildcache become prefixes of a store.

import type { Target } from "@spack-oci/oci-client";
import { loadFileLocks, readInstallDatabase, runtimeClosure } from "@spack-oci/spack-store";
import type { Listener } from "../events.js";
import type { PackageResult } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { SpecRequest } from "../select/spec-request.js";
import { choosePackages } from "./choose-packages.js";
import { type Destination, locate } from "./destination.js";
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
 * Pulls the packages that a request names, with what they link and run with.
 *
 * A prefix becomes visible only when it is complete, and gets its database record after that; until then Spack's lock on
 * it keeps other installers away, and what they install meanwhile is left to them. A package that fails leaves nothing
 * behind; those that need it are skipped, all others are installed.
 *
 * @throws SpackOciError where the buildcache does not answer, a spec names nothing, or the database cannot be read
 */
export async function pull(
  target: Target,
  destination: Destination,
  scheduler: Scheduler,
  request: SpecRequest,
  options: PullOptions = {},
): Promise<PullResult> {
  const { listener } = options;
  const [{ catalogue, roots, named }, database] = await Promise.all([
    choosePackages(target, scheduler, request, options),
    readInstallDatabase(destination.store),
  ]);
  const { graph } = catalogue;
  const whereabouts = await locate(destination, database, graph, runtimeClosure(graph, roots));
  const { prefixOf, installed } = whereabouts;
  const plan = planPull({
    catalogue,
    roots,
    named,
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
  const context = { ...options, ...whereabouts, graph, database, locks };
  return { plan, packages: await new PullRun(target, destination, scheduler, context).packages(plan) };
}
