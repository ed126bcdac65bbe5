// The verb prune: deletes packages that no kept package depends on.
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
  /** `declined` if the user did not confirm. */
  readonly outcome: "planned" | "nothing" | "declined" | "pruned";
  /** What became of the index; undefined if there is none, or nothing was done. */
  readonly index: MergeIndexResult | undefined;
}

/**
 * Deletes every package that no kept root links or runs with. The index is updated first, so that no reader is sent
 * to a package that is about to vanish; packages that could not be deleted are then listed again. If interrupted, the
 * next run continues. Only tags of packages are deleted, and a manifest that another tag needs stays.
 *
 * @throws SpackOciError if the request keeps nothing, the target does not support deletion, nobody confirmed, the
 *   index cannot be read or written, or tags cannot be listed; failures of single tags are part of the result
 */
export async function prune(
  target: Buildcache,
  request: PruneRequest,
  { run }: VerbContext,
): Promise<PruneResult> {
  const { listener, signal } = run;
  const { signer } = request;
  const plan = await planPrune(target, request, run);
  listener?.({ type: "planned", todo: plan.toDelete.length, present: 0 });
  const nothing = { plan, index: undefined, ...NOTHING_DELETED };
  if (request.dryRun === true) return { ...nothing, outcome: "planned" };
  const tags = plan.toDelete.map(({ tag }) => tag);
  if (tags.length === 0) {
    // A killed run may have left content behind that no tag refers to.
    await deleteTags(requireDeleter(target), [], run);
    return { ...nothing, outcome: "nothing" };
  }
  const deleter = await requireDeletion(target, tags, {
    why: "are not needed by any kept package",
    confirm: request.confirm,
    signal,
  });
  if (deleter === undefined) return { ...nothing, outcome: "declined" };
  if (plan.hasIndex) await mergeIndex(target, { remove: new Set(tags), signer }, run);
  const result = await deleteTags(deleter, tags, run);
  // Another process may have restored tags that it read before their deletion; packages that still exist have to be
  // listed.
  const index = plan.hasIndex ? await mergeIndex(target, { signer }, run) : undefined;
  return { plan, outcome: "pruned", index, ...result };
}
