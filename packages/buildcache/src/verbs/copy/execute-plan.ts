// Executes the plan for one destination: copies, updates the index, and deletes last.

import { type Deleter, KnownContent } from "@spack-oci/oci-client";
import { deleteTags } from "../../deletion/delete-tags.js";
import type { Listener } from "../../events/events.js";
import type { Run } from "../../schedule/run.js";
import type { ImageSigner } from "../../trust/image-signer.js";
import type { CopyOutcome } from "./copy-result.js";
import { copyNewReferrers, copyTags } from "./copy-tags.js";
import type { IndexMerger } from "./merge-indexes.js";
import type { DestinationPlan } from "./plan-destination.js";

export interface ExecuteOptions {
  readonly indexes: IndexMerger;
  /** Deletes the surplus tags; undefined if they must not be deleted. */
  readonly deleter: Deleter | undefined;
  /** Signs the packages that are copied. */
  readonly signer: ImageSigner | undefined;
}

/** @throws the signal's reason; any other failure is part of the outcome */
export async function executePlan(
  plan: DestinationPlan,
  { indexes, deleter, signer }: ExecuteOptions,
  run: Run,
): Promise<CopyOutcome> {
  const destination = { mirror: plan.destination, known: new KnownContent(), signer };
  const images = await copyTags(plan.images, destination, run);
  const lists = await copyNewReferrers(plan.referrerLists, destination, run);
  const checked = await copyNewReferrers(plan.subjects, destination, { ...run, listener: failuresTo(run) });
  const tags = [...images, ...lists, ...checked.filter(({ outcome }) => outcome === "failed")];
  // After a failure, surplus tags are better than missing ones.
  const isWhole = tags.every(({ outcome }) => outcome === "copied");
  const toDelete = deleter !== undefined && isWhole ? plan.surplus : [];
  const added = images.flatMap(({ tag, outcome }) => (outcome === "copied" ? [tag] : []));
  const existing = new Set([...plan.present, ...added]);
  const index = await indexes.merge(plan.destination, { added, existing, toDelete });
  if (deleter === undefined || toDelete.length === 0 || index?.outcome === "failed")
    return { tags, deleted: [], index };
  const { deleted, failed } = await deleteTags(deleter, plan.surplus, run);
  // Another writer may have changed the index, and tags that could not be deleted have to be listed again.
  const left = failed.map(({ tag }) => tag);
  const again = await indexes.merge(plan.destination, { added: left, existing, toDelete: [] });
  const isNews = again?.outcome === "failed" || again?.outcome === "written";
  const failures = failed.map((failure) => ({ ...failure, outcome: "failed" }) as const);
  return { tags: [...tags, ...failures], deleted, index: isNews ? again : index };
}

/** Forwards failures only; tags that existed before are not news. */
function failuresTo({ listener }: Run): Listener {
  return (event) => {
    if (event.type === "copied" && event.outcome === "failed") listener?.(event);
  };
}
