// The verb update-index: makes a buildcache's index agree with its tags.

import type { Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-store";
import type { Listener } from "./events.js";
import { readIndex } from "./index/read-index.js";
import { type SkippedTag, scanTags } from "./index/scan-tags.js";
import { writeIndex } from "./index/write-index.js";
import type { Scheduler } from "./schedule/scheduler.js";

export interface UpdateIndexOptions {
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Specs that are known already, by tag: no request is made for them. */
  readonly known?: ReadonlyMap<string, SpecDocument> | undefined;
}

export interface UpdateIndexResult {
  /** `planned` after a dry run. */
  readonly outcome: "written" | "unchanged" | "planned";
  /** Number of packages in the index. */
  readonly specs: number;
  readonly skipped: readonly SkippedTag[];
}

/**
 * Rebuilds the index from all tags. A tag that cannot be read is skipped and reported. An index that is right already is
 * not written again.
 */
export async function updateIndex(
  target: Target,
  scheduler: Scheduler,
  options: UpdateIndexOptions = {},
): Promise<UpdateIndexResult> {
  const { listener, signal } = options;
  listener?.({ type: "index", step: "reading", specs: 0 });
  const { specs, skipped } = await scanTags(target, scheduler, options.known, signal);
  for (const { tag, error } of skipped) {
    listener?.({
      type: "warning",
      message: `${tag} is left out of the index: ${error.message}`,
      place: error.place,
    });
  }
  if (options.dryRun === true) return { outcome: "planned", specs: specs.length, skipped };
  listener?.({ type: "index", step: "writing", specs: specs.length });
  const current = await readIndex(target, signal);
  const outcome = await writeIndex(target, specs, current?.descriptor, signal);
  listener?.({ type: "index", step: outcome, specs: specs.length });
  return { outcome, specs: specs.length, skipped };
}
