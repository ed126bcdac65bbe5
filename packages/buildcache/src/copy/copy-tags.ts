// Copies tags side by side; one that fails does not stop the others.

import {
  type CopyOptions,
  copyImage,
  copyReferrers,
  type KnownContent,
  type Target,
} from "@spack-oci/oci-client";
import type { Listener, TagOutcome } from "../events.js";
import { asSpackOciError } from "../failure.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { digestIfAny } from "./compare-digests.js";
import type { CopyItem, SubjectItem } from "./plan-copy.js";

/** How one tag fared. */
export type TagResult = { readonly tag: string } & TagOutcome;

/** Where tags are copied to, and what is known of it. */
export interface CopyDestination {
  readonly mirror: Target;
  readonly scheduler: Scheduler;
  readonly known: KnownContent;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Copies images, and the tags that are about them before their own. */
export function copyTags(
  items: readonly CopyItem[],
  destination: CopyDestination,
): Promise<readonly TagResult[]> {
  return runAll(items, destination, async ({ tag, source }, options) => {
    const { mirror, companions } = source;
    if (companions.size > 0) {
      const digest = await digestIfAny(mirror, tag, destination.signal);
      for (const companion of companions.get(digest ?? "sha256:") ?? [])
        await copyImage({ from: mirror, to: destination.mirror }, companion, { ...options, tag: companion });
    }
    await copyImage({ from: mirror, to: destination.mirror }, tag, { ...options, tag });
  });
}

/** Copies what refers to manifests that the destination has. */
export function copyNewReferrers(
  items: readonly SubjectItem[],
  destination: CopyDestination,
): Promise<readonly TagResult[]> {
  return runAll(items, destination, ({ source, subject }, options) =>
    copyReferrers({ from: source.mirror, to: destination.mirror }, subject, options),
  );
}

async function runAll<Item extends CopyItem>(
  items: readonly Item[],
  destination: CopyDestination,
  run: (item: Item, options: CopyOptions) => Promise<void>,
): Promise<readonly TagResult[]> {
  const { scheduler, signal, listener } = destination;
  const results = await Promise.all(
    items.map((item) =>
      scheduler.heavy(async (): Promise<TagResult> => {
        const result = { tag: item.tag, ...(await copyOne(item, destination, run)) };
        if (signal?.aborted !== true) listener?.({ type: "copied", ...result });
        return result;
      }),
    ),
  );
  signal?.throwIfAborted();
  return results;
}

async function copyOne<Item extends CopyItem>(
  item: Item,
  { known, listener, signal }: CopyDestination,
  run: (item: Item, options: CopyOptions) => Promise<void>,
): Promise<TagOutcome> {
  const { tag, source } = item;
  const began = performance.now();
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    listener?.({ type: "bytes", tag, count });
  };
  try {
    signal?.throwIfAborted();
    listener?.({ type: "copying", tag });
    await run(item, { known, sourceTags: source.tags, onBytes, signal });
    return { outcome: "copied", bytes, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    return { outcome: "failed", error: asSpackOciError(error) };
  }
}
