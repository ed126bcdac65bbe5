// The verb update-index: makes a buildcache's index agree with its tags.

import type { TagLister, Target } from "@spack-oci/oci-client";
import {
  type MergeIndexOptions,
  type MergeIndexResult,
  mergeIndex,
} from "../../package-index/merge-index.js";
import type { Scheduler } from "../../schedule/scheduler.js";

/**
 * Adds the packages that the index does not know yet, and drops those that have lost their tag; with `rebuild`, reads every
 * tag. One that cannot be read is reported. What the index says of it stays where it only could not be asked.
 *
 * @throws SpackOciError as `mergeIndex` does
 */
export function updateIndex(
  target: Target & TagLister,
  scheduler: Scheduler,
  options: MergeIndexOptions = {},
): Promise<MergeIndexResult> {
  return mergeIndex(target, scheduler, {}, options);
}
