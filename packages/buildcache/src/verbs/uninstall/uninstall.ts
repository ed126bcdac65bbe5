// The verb uninstall: removes packages from a store.

import { SpackOciError } from "@spack-oci/errors";
import { readInstallDatabase, sweepStore } from "@spack-oci/spack-store";
import { regenerateViews } from "../../after-install/environment-views.js";
import type { Destination } from "../../destination/destination.js";
import { storeLocks } from "../../destination/store-locks.js";
import type { PackageName, ViewResult } from "../../events/events.js";
import { confirmRemoval } from "../../removal/confirm-removal.js";
import { NOTHING_REMOVED, type RemovedPackages, removePackages } from "../../removal/remove-packages.js";
import type { VerbContext } from "../../schedule/run.js";
import { planUninstall, requireUnused, type UninstallPlan } from "./plan-uninstall.js";
import type { UninstallRequest } from "./uninstall-request.js";

export interface UninstallResult extends RemovedPackages {
  readonly outcome: "planned" | "nothing" | "declined" | "uninstalled";
  /** What was to be removed. */
  readonly packages: readonly PackageName[];
  /** Environments that refer to packages that were removed with `force`. */
  readonly environments: readonly string[];
  /** One for each view of the active environment, if anything was removed. */
  readonly views: readonly ViewResult[];
}

/**
 * Removes packages as `spack uninstall` does (`spack/cmd/uninstall.py`): prefixes, records and module files, then the
 * views of the active environment follow.
 *
 * @throws SpackOciError `ERR_USAGE` without specs and without `all`, `ERR_PACKAGE_NEEDED` (`conflict`) if packages or
 *   environments need what is to be removed, `ERR_REMOVAL_UNCONFIRMED`, and the errors of `matchInstalled` and of
 *   `readInstallDatabase`; nothing was removed then
 */
export async function uninstall(
  request: UninstallRequest,
  { store: destination, run }: VerbContext & { readonly store: Destination },
): Promise<UninstallResult> {
  const { specs, all = false, force = false } = request;
  if (specs.length === 0 && !all) throw nothingNamed();
  const { store } = destination;
  const database = await readInstallDatabase(store);
  const plan = planUninstall(database, request);
  if (!force) requireUnused(plan, request);
  if (plan.toRemove.length === 0) return resultOf("nothing", plan);
  if (request.dryRun === true) return resultOf("planned", plan);
  if (!(await confirmRemoval(store, plan.toRemove, request.confirm))) return resultOf("declined", plan);

  const locks = await storeLocks(run, destination.locks);
  await sweepStore(store);
  const removal = { database, records: plan.toRemove, force };
  const removed = await removePackages(removal, { destination, locks, run });
  const views = await regenerateViews(destination, locks, run);
  return { ...resultOf("uninstalled", plan), ...removed, views };
}

function resultOf(outcome: UninstallResult["outcome"], plan: UninstallPlan): UninstallResult {
  return {
    outcome,
    packages: plan.toRemove.map(({ spec }) => spec),
    environments: plan.environments.map(({ name }) => name),
    ...NOTHING_REMOVED,
    views: [],
  };
}

function nothingNamed(): SpackOciError {
  return new SpackOciError("ERR_USAGE", "uninstall requires at least one spec.", {
    kind: "usage",
    hint: "Name the packages, or use --all without specs to uninstall everything.",
  });
}
