// The verb pull: packages of a buildcache become prefixes of a store.
//
// planPull -> fetchPackage (fetch, verify, unpack, relocate) -> installPackage -> registerInstalls

import type { TagLister, Target } from "@spack-oci/oci-client";
import { readInstallDatabase, runtimeClosure, type SpecNode } from "@spack-oci/spack-store";
import type { Listener } from "../events.js";
import type { PackageResult } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { type Destination, installedAmong, prefixIn } from "./destination.js";
import { findPackages, unlistedAmong } from "./find-packages.js";
import { type PullPlan, planPull } from "./plan-pull.js";
import { PullRun } from "./pull-run.js";
import { requireWritable } from "./require-writable.js";

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
 * A prefix becomes visible only when it is complete, and gets its database record after that. A package that fails leaves
 * nothing behind; those that need it are skipped, all others are installed.
 *
 * @throws SpackOciError where the buildcache does not answer, an argument names nothing, or the database cannot be written
 */
export async function pull(
  target: Target & TagLister,
  destination: Destination,
  scheduler: Scheduler,
  specArguments: readonly string[],
  options: PullOptions = {},
): Promise<PullResult> {
  const { listener } = options;
  if (options.dryRun !== true) await requireWritable(destination.store.root);
  const database = await readInstallDatabase(destination.store);
  const { catalogue, chosen } = await findPackages(target, scheduler, specArguments, options);
  const roots = chosen.map((node) => node.hash);
  const prefixOf = prefixIn(destination, database, catalogue.graph);
  const installed = await installedAmong(runtimeClosure(catalogue.graph, roots), prefixOf);
  const planWith = (unlisted: readonly SpecNode[]) =>
    planPull({
      catalogue: { ...catalogue, packages: [...catalogue.packages, ...unlisted] },
      roots,
      named: specArguments.length > 0,
      prefixOf,
      isInstalled: (node) => installed.has(node.hash),
      force: options.force ?? false,
    });
  const listed = planWith([]);
  const missing = listed.missing.map((item) => item.node);
  const plan = catalogue.indexed ? planWith(await unlistedAmong(missing, target, options)) : listed;
  listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  if (options.dryRun === true) return { plan, packages: [] };

  const run = new PullRun(target, destination, scheduler, { ...options, graph: catalogue.graph, prefixOf });
  return { plan, packages: await run.packages(plan) };
}
