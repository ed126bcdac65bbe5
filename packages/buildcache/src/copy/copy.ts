// The verb copy: tags of mirrors become tags of other mirrors, digest by digest.
//
// openSource -> chooseTags -> for each destination: planDestination -> copyTags -> mergeIndexes -> deleteTags

import type { SpackOciError } from "@spack-oci/errors";
import { KnownContent, type TagLister, type Target } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-store";
import { describePackage } from "../events.js";
import type { MergeIndexResult } from "../index/merge-index.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { SpecRequest } from "../select/spec-request.js";
import { type ChosenTags, chooseTags } from "./choose-tags.js";
import type { CopyMirrorOptions } from "./copy-options.js";
import { openSource } from "./copy-source.js";
import { type CopyDestination, copyNewReferrers, copyTags, type TagResult } from "./copy-tags.js";
import { deleteTags, requireConfirmation } from "./delete-tags.js";
import { IndexMerger } from "./merge-indexes.js";
import { planDestination } from "./plan-destination.js";

/** What a copy did to one destination. */
export interface CopyResult {
  /** The destination's name. */
  readonly destination: string;
  /** Tags that were to be copied. */
  readonly planned: readonly string[];
  /** Tags that were there. */
  readonly present: readonly string[];
  /** What the chosen packages run with and no source has. */
  readonly absent: readonly SpecNode[];
  /** One for each tag that was copied, or failed; empty after a dry run. */
  readonly tags: readonly TagResult[];
  /** Tags that no source has: what is, or would be, deleted; empty unless that was asked for. */
  readonly surplus: readonly string[];
  /** Which of these were deleted. */
  readonly deleted: readonly string[];
  /** The index; undefined where nothing was to be done about it. */
  readonly index:
    | MergeIndexResult
    | { readonly outcome: "failed"; readonly error: SpackOciError }
    | undefined;
}

/**
 * Copies what a request names, from wherever it is first found, to every destination: one after the other, and within each
 * many tags at once. Digests stay what they are. A tag appears when everything that it names is there; the index of a
 * destination is merged last, and keeps what only the destination has.
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
  const indexes = new IndexMerger(mirrors, scheduler, options);
  const results: CopyResult[] = [];
  for (const destination of destinations)
    results.push(await copyTo(destination, { chosen, indexes, scheduler, options }));
  return results;
}

interface CopyRun {
  readonly chosen: ChosenTags;
  readonly indexes: IndexMerger;
  readonly scheduler: Scheduler;
  readonly options: CopyMirrorOptions;
}

async function copyTo(mirror: Target & TagLister, run: CopyRun): Promise<CopyResult> {
  const { chosen, scheduler, options, indexes } = run;
  const { listener, signal } = options;
  const plan = await planDestination(mirror, chosen, scheduler, options);
  const { present, surplus } = plan;
  const planned = [...plan.images, ...plan.referrerLists].map(({ tag }) => tag);
  const result = { destination: mirror.name, planned, present, absent: chosen.absent, surplus };
  listener?.({ type: "planned", todo: planned.length, present: present.length });
  if (options.dryRun === true) return { ...result, tags: [], deleted: [], index: undefined };

  const mayDelete = await requireConfirmation(mirror, surplus, options);
  const destination: CopyDestination = { mirror, scheduler, known: new KnownContent(), listener, signal };
  const images = await copyTags(plan.images, destination);
  const lists = await copyNewReferrers(plan.referrerLists, destination);
  const checked = await copyNewReferrers(plan.subjects, destination);
  const tags = [...images, ...lists, ...checked.filter(({ outcome }) => outcome === "failed")];
  const isFailed = tags.some(({ outcome }) => outcome === "failed");
  // After a failure it is better to have too much than too little.
  const doomed = mayDelete && !isFailed ? surplus : [];
  const added = images.flatMap(({ tag, outcome }) => (outcome === "copied" ? [tag] : []));
  const index = await indexes.merge(mirror, { added, there: new Set([...present, ...added]), doomed });
  const deleted = index?.outcome === "failed" ? [] : await deleteTags(mirror, doomed, scheduler, options);
  return { ...result, tags, deleted, index };
}
