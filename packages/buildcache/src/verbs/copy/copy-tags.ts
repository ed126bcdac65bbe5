// Copies tags concurrently; one that fails does not stop the others.

import {
  type CopyOptions,
  copyImage,
  copyReferrers,
  type KnownContent,
  type Target,
} from "@spack-oci/oci-client";
import type { TagOutcome } from "../../events/events.js";
import { asSpackOciError } from "../../failures/failure.js";
import { isPackageTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";
import type { ImageSigner } from "../../trust/image-signer.js";
import { digestIfAny } from "./compare-digests.js";
import type { CopyItem, SubjectItem } from "./plan-copy.js";

/** The outcome for one tag. */
export type TagResult = { readonly tag: string } & TagOutcome;

/** A destination, and what is known about it. */
export interface CopyDestination {
  readonly mirror: Target;
  readonly known: KnownContent;
  /** Signs the packages that are copied. */
  readonly signer?: ImageSigner | undefined;
}

/** Copies images; tags that accompany an image are copied before its own. */
export function copyTags(
  items: readonly CopyItem[],
  destination: CopyDestination,
  run: Run,
): Promise<readonly TagResult[]> {
  const copyOne = async ({ tag, source }: CopyItem, options: CopyOptions) => {
    const { mirror, companions } = source;
    if (companions.size > 0) {
      const digest = await digestIfAny(mirror, tag, run.signal);
      for (const companion of companions.get(digest ?? "sha256:") ?? [])
        await copyImage({ from: mirror, to: destination.mirror }, companion, { ...options, tag: companion });
    }
    const approve = isPackageTag(tag) ? approval({ tag, source }, destination, run) : undefined;
    await copyImage({ from: mirror, to: destination.mirror }, tag, { ...options, tag, approve });
  };
  return runAll({ items, copyOne }, destination.known, run);
}

/** Demands the signature that the source needs, and then signs the copy, if that was asked for. */
function approval(
  { tag, source: { mirror } }: CopyItem,
  { mirror: to, signer }: CopyDestination,
  { signal }: Run,
): NonNullable<CopyOptions["approve"]> {
  return async ({ bytes, descriptor }) => {
    await mirror.verifier?.verify(mirror, { tag, bytes }, signal);
    await signer?.sign(to, descriptor, signal);
  };
}

/** Copies referrers of manifests that the destination already has. */
export function copyNewReferrers(
  items: readonly SubjectItem[],
  { mirror, known }: CopyDestination,
  run: Run,
): Promise<readonly TagResult[]> {
  const copyOne = ({ source, subject }: SubjectItem, options: CopyOptions) =>
    copyReferrers({ from: source.mirror, to: mirror }, subject, options);
  return runAll({ items, copyOne }, known, run);
}

/** Tags, and how to copy one of them. */
interface TagCopies<Item extends CopyItem> {
  readonly items: readonly Item[];
  readonly copyOne: (item: Item, options: CopyOptions) => Promise<void>;
}

async function runAll<Item extends CopyItem>(
  { items, copyOne }: TagCopies<Item>,
  known: KnownContent,
  run: Run,
): Promise<readonly TagResult[]> {
  const { scheduler, signal, listener } = run;
  const results = await Promise.all(
    items.map((item) =>
      scheduler.transfer(async (): Promise<TagResult> => {
        const outcome = await attempt(item, (options) => copyOne(item, { known, ...options }), run);
        const result = { tag: item.tag, ...outcome };
        if (signal?.aborted !== true) listener?.({ type: "copied", ...result });
        return result;
      }),
    ),
  );
  signal?.throwIfAborted();
  return results;
}

async function attempt(
  { tag, source }: CopyItem,
  copyOne: (options: Omit<CopyOptions, "known">) => Promise<void>,
  { listener, signal }: Run,
): Promise<TagOutcome> {
  const began = performance.now();
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    listener?.({ type: "bytes", tag, count });
  };
  try {
    signal?.throwIfAborted();
    listener?.({ type: "copying", tag });
    await copyOne({ sourceTags: source.tags, onBytes, signal });
    return { outcome: "copied", bytes, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    return { outcome: "failed", error: asSpackOciError(error) };
  }
}
