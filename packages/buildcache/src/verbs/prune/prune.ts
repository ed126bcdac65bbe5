// The verb prune: deletes the packages that nothing needs which is to be kept.
//
// planPrune -> requireDeletion -> mergeIndex -> deleteTags -> mergeIndex

import { type DeletedTags, deleteTags, NOTHING_DELETED } from "../../deletion/delete-tags.js";
import { requireDeleter, requireDeletion } from "../../deletion/require-deletion.js";
import { type MergeIndexResult, mergeIndex } from "../../package-index/merge-index.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";
import { type PrunePlan, planPrune } from "./plan-prune.js";
import type { PruneRequest } from "./prune-request.js";

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
  target: Buildcache,
  request: PruneRequest,
  { run }: VerbContext,
): Promise<PruneResult> {
  const { listener, signal } = run;
  const plan = await planPrune(target, request, run);
  listener?.({ type: "planned", todo: plan.toDelete.length, present: 0 });
  const nothing = { plan, index: undefined, ...NOTHING_DELETED };
  if (request.dryRun === true) return { ...nothing, outcome: "planned" };
  const tags = plan.toDelete.map(({ tag }) => tag);
  if (tags.length === 0) {
    // A run that was killed may have left content behind that no tag leads to.
    await deleteTags(requireDeleter(target), [], run);
    return { ...nothing, outcome: "nothing" };
  }
  const deleter = await requireDeletion(target, tags, {
    why: "are needed by nothing that is kept",
    confirm: request.confirm,
    signal,
  });
  if (deleter === undefined) return { ...nothing, outcome: "declined" };
  if (plan.hasIndex) await mergeIndex(target, { remove: new Set(tags) }, run);
  const result = await deleteTags(deleter, tags, run);
  // Somebody may have read the tags before they went, and put them back; what is still there belongs there.
  const index = plan.hasIndex ? await mergeIndex(target, {}, run) : undefined;
  return { plan, outcome: "pruned", index, ...result };
}
