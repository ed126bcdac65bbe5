// Reads every package of a buildcache from its tags, for an index or where there is none.

import { SpackOciError } from "@spack-oci/errors";
import { isTagLister, type Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-store";
import { asSpackOciError } from "../failure.js";
import { readPackageImage } from "../protocol/read-image.js";
import { isPackageTag } from "../protocol/tags.js";
import type { Scheduler } from "../schedule/scheduler.js";

/** A tag that could not be read; it is reported and does not keep the others from being indexed. */
export interface SkippedTag {
  readonly tag: string;
  readonly error: SpackOciError;
}

/** What the tags of a buildcache hold. */
export interface ScannedTags {
  /** In the order of the tags. */
  readonly specs: readonly SpecDocument[];
  readonly skipped: readonly SkippedTag[];
}

/** All tags that look like packages, sorted. */
export async function packageTags(target: Target, signal?: AbortSignal): Promise<string[]> {
  if (!isTagLister(target)) {
    throw new SpackOciError("ERR_NO_TAG_LIST", `${target.name} cannot list its tags.`, {
      kind: "unsupported",
    });
  }
  const tags: string[] = [];
  for await (const tag of target.tags({ signal })) if (isPackageTag(tag)) tags.push(tag);
  return tags.sort();
}

/**
 * Reads the spec of each tag.
 *
 * @param known specs that need no request, by tag
 * @throws SpackOciError where the whole buildcache is out of reach or refuses everything; one bad tag is only skipped
 */
export async function scanTags(
  target: Target,
  scheduler: Scheduler,
  known: ReadonlyMap<string, SpecDocument> = new Map(),
  signal?: AbortSignal,
): Promise<ScannedTags> {
  const tags = await packageTags(target, signal);
  const results = await Promise.all(
    tags.map(async (tag): Promise<SpecDocument | SkippedTag> => {
      const document = known.get(tag);
      if (document !== undefined) return document;
      try {
        return (await scheduler.light(() => readPackageImage(target, tag, signal))).document;
      } catch (error) {
        signal?.throwIfAborted();
        return { tag, error: asSpackOciError(error) };
      }
    }),
  );
  return {
    specs: results.filter((result) => "root" in result),
    skipped: results.filter((result) => "error" in result),
  };
}
