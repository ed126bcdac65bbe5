// The verb copy: tags of mirrors become tags of other mirrors, digest by digest.
//
// openSource -> chooseTags -> for each destination: planDestination -> carryOut (copyTags -> mergeIndexes -> deleteTags)

import type { Deleter, TagLister, Target } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { requireDeletion } from "../../deletion/require-deletion.js";
import { describePackage } from "../../events/events.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { type CopyOutcome, carryOut } from "./carry-out.js";
import { type ChosenTags, chooseTags } from "./choose-tags.js";
import type { CopyMirrorOptions } from "./copy-options.js";
import { openSource } from "./copy-source.js";
import { IndexMerger } from "./merge-indexes.js";
import { type DestinationPlan, planDestination } from "./plan-destination.js";

/** What a copy did to one destination, or would do. */
export interface CopyResult extends CopyOutcome {
  /** The destination's name. */
  readonly destination: string;
  /** Tags that were to be copied. */
  readonly planned: readonly string[];
  /** Tags that were there. */
  readonly present: readonly string[];
  /** What the chosen packages run with and no source has. */
  readonly absent: readonly SpecNode[];
  /** Tags that no source has: what is, or would be, deleted; empty unless that was asked for. */
  readonly surplus: readonly string[];
}

/**
 * Copies what a request names, from wherever it is first found, to every destination: one after the other, and within each
 * many tags at once. What is to be done is known, and deletions are agreed to, before anything is written. Digests stay
 * what they are. A tag appears when everything that it names is there; the index of a destination is merged last, and keeps
 * what only the destination has.
 *
 * @throws SpackOciError where a mirror is out of reach, a spec names nothing, or a deletion was not confirmed
 */
export async function copy(
  mirrors: readonly (Target & TagLister)[],
  destinations: readonly (Target & TagLister)[],
  scheduler: Scheduler,
  request: SpecRequest,
  options: CopyMirrorOptions = {},
): Promise<readonly CopyResult[]> {
  const { listener, signal } = options;
  const sources = await Promise.all(mirrors.map((mirror) => openSource(mirror, signal)));
  const chosen = await chooseTags(sources, scheduler, request, options);
  for (const node of chosen.absent) {
    const message = `${describePackage(node)} is in no source; packages that run with it are copied without it.`;
    listener?.({ type: "warning", message });
  }
  const plans: DestinationPlan[] = [];
  for (const destination of destinations)
    plans.push(await planDestination(destination, chosen, scheduler, options));
  if (options.dryRun === true) return plans.map((plan) => ({ ...resultOf(plan, chosen), ...nothingDone }));

  const confirm = options.confirmDeletion;
  const deleters: (Deleter | undefined)[] = [];
  for (const { destination, surplus } of plans)
    deleters.push(await requireDeletion(destination, surplus, "are in no source", { confirm, signal }));
  const indexes = new IndexMerger(mirrors, scheduler, options);
  const results: CopyResult[] = [];
  for (const [at, plan] of plans.entries()) {
    const run = { indexes, scheduler, options, deleter: deleters[at] };
    results.push({ ...resultOf(plan, chosen), ...(await carryOut(plan, run)) });
  }
  return results;
}

const nothingDone: CopyOutcome = { tags: [], deleted: [], index: undefined };

function resultOf(plan: DestinationPlan, { absent }: ChosenTags): Omit<CopyResult, keyof CopyOutcome> {
  const { destination, images, referrerLists, present, surplus } = plan;
  const planned = [...images, ...referrerLists].map(({ tag }) => tag);
  return { destination: destination.name, planned, present, absent, surplus };
}
