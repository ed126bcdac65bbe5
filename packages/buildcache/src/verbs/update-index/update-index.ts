// The verb update-index: makes a buildcache's package index agree with its tags.

import {
  type MergeIndexRequest,
  type MergeIndexResult,
  mergeIndex,
} from "../../package-index/merge-index.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";

/** `rebuild` reads every tag instead of trusting existing entries; `dryRun` only plans; `signer` signs the index. */
export type UpdateIndexRequest = Pick<MergeIndexRequest, "rebuild" | "dryRun" | "signer">;

/**
 * Adds packages that the index does not list yet, and drops those whose tag is gone; with `rebuild`, reads every tag.
 * A tag that cannot be read is reported; if it is merely unreachable, its entry in the index is kept.
 *
 * @throws SpackOciError as `mergeIndex` does
 */
export function updateIndex(
  mirror: Buildcache,
  request: UpdateIndexRequest,
  { run }: VerbContext,
): Promise<MergeIndexResult> {
  return mergeIndex(mirror, request, run);
}
