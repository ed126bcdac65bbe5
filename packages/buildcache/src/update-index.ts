// The verb update-index: makes a buildcache's index agree with its tags.

import { isSpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-store";
import type { Listener } from "./events.js";
import { type BuildcacheIndex, readIndex } from "./index/read-index.js";
import { isOutOfReach, packageTags, type SkippedTag, scanTags } from "./index/scan-tags.js";
import { writeIndex } from "./index/write-index.js";
import { hashInTag } from "./protocol/tags.js";
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
  /** Tags that could not be read. */
  readonly skipped: readonly SkippedTag[];
}

/**
 * Rebuilds the index from all tags. A tag that cannot be read is reported, and left out of the index; where it only
 * could not be asked and the index has it already, it stays. An index that is right already is not written again.
 *
 * @throws SpackOciError where the buildcache is out of reach, or its index is of a newer format
 */
export async function updateIndex(
  target: Target & TagLister,
  scheduler: Scheduler,
  options: UpdateIndexOptions = {},
): Promise<UpdateIndexResult> {
  const { listener, signal } = options;
  listener?.({ type: "index", step: "reading", specs: 0 });
  const current = await readUsableIndex(target, options);
  const tags = await packageTags(target, signal);
  const scanned = await scanTags(target, scheduler, tags, { known: options.known, signal });
  const specs = [...scanned.specs];
  for (const skipped of scanned.skipped) {
    const kept = isOutOfReach(skipped) ? entryOf(current, skipped.tag) : undefined;
    if (kept !== undefined) specs.push(kept);
    const fate = kept === undefined ? "is left out of the index" : "keeps its place in the index unread";
    const { message, place } = skipped.error;
    listener?.({ type: "warning", message: `${skipped.tag} ${fate}: ${message}`, place });
  }
  const result = { specs: specs.length, skipped: scanned.skipped };
  if (options.dryRun === true) return { outcome: "planned", ...result };
  listener?.({ type: "index", step: "writing", specs: specs.length });
  const outcome = await writeIndex(target, specs, current?.descriptor, signal);
  listener?.({ type: "index", step: outcome, specs: specs.length });
  return { outcome, ...result };
}

/** The index that is there; a broken one is about to be replaced. */
async function readUsableIndex(
  target: Target,
  { listener, signal }: UpdateIndexOptions,
): Promise<BuildcacheIndex | undefined> {
  try {
    return await readIndex(target, signal);
  } catch (error) {
    if (!isSpackOciError(error, "corrupt") && !isSpackOciError(error, "not-found")) throw error;
    const message = `The index that is there cannot be used, and is written anew: ${error.message}`;
    listener?.({ type: "warning", message, place: error.place });
    return undefined;
  }
}

function entryOf(index: BuildcacheIndex | undefined, tag: string): SpecDocument | undefined {
  const record = index?.document.records.get(hashInTag(tag) ?? "");
  if (index === undefined || record?.inBuildcache !== true) return undefined;
  return { root: record.spec, graph: index.document.graph };
}
