// Does what is planned for one destination: copies, brings the index up to date, and deletes last.

import type { SpackOciError } from "@spack-oci/errors";
import { type Deleter, KnownContent } from "@spack-oci/oci-client";
import { deleteTags } from "../../deletion/delete-tags.js";
import type { Listener } from "../../events/events.js";
import type { MergeIndexResult } from "../../package-index/merge-index.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import type { CopyMirrorOptions } from "./copy-options.js";
import { type CopyDestination, copyNewReferrers, copyTags, type TagResult } from "./copy-tags.js";
import type { IndexMerger } from "./merge-indexes.js";
import type { DestinationPlan } from "./plan-destination.js";

/** What became of a destination. */
export interface CopyOutcome {
  /** One for each tag that was copied, or failed; empty after a dry run. */
  readonly tags: readonly TagResult[];
  /** Which of the tags that no source has were deleted. */
  readonly deleted: readonly string[];
  /** The index; undefined where nothing was to be done about it. */
  readonly index:
    | MergeIndexResult
    | { readonly outcome: "failed"; readonly error: SpackOciError }
    | undefined;
}

export interface CopyRun {
  readonly indexes: IndexMerger;
  readonly scheduler: Scheduler;
  readonly options: CopyMirrorOptions;
  /** What deletes that which no source has; undefined where it may not be deleted. */
  readonly deleter: Deleter | undefined;
}

/** @throws the signal's reason; whatever else fails is in the outcome */
export async function carryOut(plan: DestinationPlan, run: CopyRun): Promise<CopyOutcome> {
  const { indexes, deleter } = run;
  const destination = destinationOf(plan, run);
  const images = await copyTags(plan.images, destination);
  const lists = await copyNewReferrers(plan.referrerLists, destination);
  const checked = await copyNewReferrers(plan.subjects, { ...destination, listener: failuresTo(run) });
  const tags = [...images, ...lists, ...checked.filter(({ outcome }) => outcome === "failed")];
  // After a failure it is better to have too much than too little.
  const isWhole = tags.every(({ outcome }) => outcome === "copied");
  const doomed = deleter !== undefined && isWhole ? plan.surplus : [];
  const added = images.flatMap(({ tag, outcome }) => (outcome === "copied" ? [tag] : []));
  const there = new Set([...plan.present, ...added]);
  const index = await indexes.merge(plan.destination, { added, there, doomed });
  const outcome = { tags, deleted: [], index };
  if (deleter === undefined || doomed.length === 0 || index?.outcome === "failed") return outcome;
  return deleteSurplus(plan, { ...run, deleter }, outcome, there);
}

async function deleteSurplus(
  { destination, surplus }: DestinationPlan,
  { indexes, deleter, options }: CopyRun & { readonly deleter: Deleter },
  { tags, index }: CopyOutcome,
  there: ReadonlySet<string>,
): Promise<CopyOutcome> {
  const { deleted, failed } = await deleteTags(deleter, surplus, options);
  // Others may have written the index meanwhile, and what could not be deleted belongs into it.
  const left = failed.map(({ tag }) => tag);
  const again = await indexes.merge(destination, { added: left, there, doomed: [] });
  const isNews = again?.outcome === "failed" || again?.outcome === "written";
  const failures = failed.map((failure) => ({ ...failure, outcome: "failed" }) as const);
  return { tags: [...tags, ...failures], deleted, index: isNews ? again : index };
}

/** Of what was there before, only failures are news. */
function failuresTo({ options: { listener } }: CopyRun): Listener {
  return (event) => {
    if (event.type === "copied" && event.outcome === "failed") listener?.(event);
  };
}

function destinationOf({ destination }: DestinationPlan, { scheduler, options }: CopyRun): CopyDestination {
  const { listener, signal } = options;
  return { mirror: destination, scheduler, known: new KnownContent(), listener, signal };
}
