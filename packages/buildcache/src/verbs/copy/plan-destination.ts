// Decides what to do at one destination: from the names of tags, and from their digests if names are not enough.

import { allTagsIfAny } from "../../package-index/all-tags.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import type { ChosenTags } from "./choose-tags.js";
import { compareDigests } from "./compare-digests.js";
import type { CopyRequest } from "./copy-request.js";
import { type CopyItem, compareTags, type SubjectItem } from "./plan-copy.js";

/** What a copy will do at a destination. */
export interface DestinationPlan {
  readonly destination: Buildcache;
  /** Images to copy; dependencies first, as far as known. */
  readonly images: readonly CopyItem[];
  /** Referrers lists that differ. */
  readonly referrerLists: readonly SubjectItem[];
  /** Existing images whose referrers may be new; only with `verify`. */
  readonly subjects: readonly SubjectItem[];
  /** Tags that already exist. */
  readonly present: readonly string[];
  /** Tags to delete. */
  readonly surplus: readonly string[];
}

export interface DestinationRequest extends Pick<CopyRequest, "verify" | "delete"> {
  readonly chosen: ChosenTags;
}

/** @throws SpackOciError if either side is unreachable */
export async function planDestination(
  destination: Buildcache,
  { chosen, verify = false, delete: deletes = false }: DestinationRequest,
  run: Run,
): Promise<DestinationPlan> {
  const { listener, signal } = run;
  const existing = await allTagsIfAny(destination, signal);
  const tags = compareTags(chosen.tags, existing, verify);
  const compared = await compareDigests(tags.uncertain, destination, run);
  const lists = await compareDigests(tags.referrerLists, destination, run);
  const present = [...tags.present, ...compared.equal].map(({ tag }) => tag);
  const images = new Map([...tags.missing, ...compared.different].map((item) => [item.tag, item]));
  listener?.({ type: "planned", todo: images.size + lists.different.length, present: present.length });
  return {
    destination,
    images: [...chosen.tags.keys()].flatMap((tag) => images.get(tag) ?? []),
    referrerLists: lists.different,
    subjects: verify ? compared.equal.map((item) => ({ ...item, subject: item.digest })) : [],
    present,
    surplus: deletes ? tags.surplus : [],
  };
}
