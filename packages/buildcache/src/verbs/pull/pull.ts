// The verb pull: packages of a buildcache become prefixes of a store.

import type { ContentCache, TagLister, Target } from "@spack-oci/oci-client";
import { runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import { checkSpecsFit, loadFileLocks, readInstallDatabase } from "@spack-oci/spack-store";
import { choosePackages } from "../../catalog/choose-packages.js";
import { unlistedAmong } from "../../catalog/find-packages.js";
import { notFound } from "../../catalog/select-specs.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { type Destination, locate } from "../../destination/destination.js";
import { describePackage, type Listener } from "../../events/events.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { requireOnePlaceEach } from "./one-place-each.js";
import { type PullItem, type PullPlan, planPull } from "./plan-pull.js";
import { PullRun } from "./pull-run.js";
import { requireWritable } from "./require-writable.js";

export interface PullOptions {
  /** Install the named packages again where they are there. */
  readonly force?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  /** Where it is noted which layers packages came in, so that pushing them again sends these; nowhere without. */
  readonly notes?: ContentCache | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PullResult {
  readonly plan: PullPlan;
  /** One for each package that was to be pulled or is missing; after a dry run, for those that are missing. */
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
  target: Target & TagLister,
  destination: Destination,
  scheduler: Scheduler,
  request: SpecRequest,
  options: PullOptions = {},
): Promise<PullResult> {
  const { listener } = options;
  if (options.dryRun !== true) await requireWritable(destination.store.root);
  const database = await readInstallDatabase(destination.store);
  const { catalogue, roots, named } = await choosePackages([target], scheduler, request, options);
  const { graph } = catalogue;
  const whereabouts = await locate(destination, database, graph, runtimeClosure(graph, roots));
  const planWith = (unlisted: readonly SpecNode[]) =>
    planPull({
      catalogue: { ...catalogue, packages: [...catalogue.packages, ...unlisted] },
      roots,
      named,
      prefixOf: whereabouts.prefixOf,
      isInstalled: (node) => whereabouts.installed.has(node.hash),
      force: options.force ?? false,
    });
  const listed = planWith([]);
  const missing = listed.missing.map((item) => item.node);
  const plan = catalogue.indexed ? planWith(await unlistedAmong(missing, target, options)) : listed;
  listener?.({ type: "planned", todo: plan.todo.length + plan.missing.length, present: plan.present.length });
  const nodes = plan.todo.map((item) => item.node);
  checkSpecsFit(database.version, nodes, destination.store.databaseDirectory);
  requireOnePlaceEach(plan.todo, database);
  if (options.dryRun === true) return { plan, packages: plan.missing.map((item) => notThere(item, target)) };

  const locks = await loadFileLocks(({ reason }) =>
    listener?.({
      type: "warning",
      message: `The store is written without locks that Spack sees: ${reason}`,
    }),
  );
  const context = { ...options, ...whereabouts, graph, database, locks };
  return { plan, packages: await new PullRun(target, destination, scheduler, context).packages(plan) };
}

function notThere({ node }: PullItem, target: Target): PackageResult {
  return { outcome: "failed", package: node, error: notFound(describePackage(node), target.name) };
}
