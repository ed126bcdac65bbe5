// The verb prune: deletes the packages that nothing needs which is to be kept.
//
// planPrune -> requireDeletion -> mergeIndex -> deleteTags -> mergeIndex

import type { TagLister, Target } from "@spack-oci/oci-client";
import { type DeletedTags, deleteTags, nothingDeleted } from "../../deletion/delete-tags.js";
import { requireDeleter, requireDeletion } from "../../deletion/require-deletion.js";
import { type MergeIndexResult, mergeIndex } from "../../package-index/merge-index.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { type PrunePlan, planPrune } from "./plan-prune.js";
import type { PruneOptions, PruneRequest } from "./prune-options.js";

export interface PruneResult extends DeletedTags {
  readonly plan: PrunePlan;
  /** `declined` where whoever was asked said no. */
  readonly outcome: "planned" | "nothing" | "declined" | "pruned";
  /** What became of the index; undefined where there is none, or nothing was done. */
  readonly index: MergeIndexResult | undefined;
}

/**
 * Deletes every package that no kept root links or runs with. The index goes first, so that no reader is sent to a package
 * that is about to vanish; what cannot be deleted after all comes back into it. Whatever interrupts it, the next run goes
 * on. Only tags of packages are touched, and a manifest that any other tag needs stays.
 *
 * @throws SpackOciError where the request keeps nothing, the target does not delete, nobody agreed, the index cannot be
 *   read or written, or tags cannot be listed; of a single tag the result tells
 */
export async function prune(
  target: Target & TagLister,
  scheduler: Scheduler,
  request: PruneRequest,
  options: PruneOptions = {},
): Promise<PruneResult> {
  const { listener, signal, confirm } = options;
  const plan = await planPrune(target, scheduler, request, signal);
  listener?.({ type: "planned", todo: plan.doomed.length, present: 0 });
  const nothing = { plan, index: undefined, ...nothingDeleted };
  if (options.dryRun === true) return { ...nothing, outcome: "planned" };
  const tags = plan.doomed.map(({ tag }) => tag);
  if (tags.length === 0) {
    // A run that was killed may have left content behind that no tag leads to.
    await deleteTags(requireDeleter(target), [], options);
    return { ...nothing, outcome: "nothing" };
  }
  const deleter = await requireDeletion(target, tags, "are needed by nothing that is kept", {
    confirm,
    signal,
  });
  if (deleter === undefined) return { ...nothing, outcome: "declined" };
  if (plan.hasIndex) await mergeIndex(target, scheduler, { remove: new Set(tags) }, { listener, signal });
  const result = await deleteTags(deleter, tags, options);
  // Somebody may have read the tags before they went, and put them back; what is still there belongs there.
  const index = plan.hasIndex ? await mergeIndex(target, scheduler, {}, { listener, signal }) : undefined;
  return { plan, outcome: "pruned", index, ...result };
}
