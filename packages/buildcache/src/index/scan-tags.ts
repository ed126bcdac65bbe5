// Reads packages of a buildcache from their tags, for an index or where there is none.

import type { ErrorKind, SpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-store";
import { asSpackOciError } from "../failure.js";
import { readPackageImage } from "../protocol/read-image.js";
import { isPackageTag } from "../protocol/tags.js";
import type { Scheduler } from "../schedule/scheduler.js";

/** A tag that could not be read; it is reported and does not keep the others from being read. */
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

/** What an error says of the buildcache, its network or its credentials rather than of a tag. */
const NOT_THE_TAGS_FAULT: readonly ErrorKind[] = ["unreachable", "rate-limited", "denied"];

/** Whether a tag may well hold a package, and only could not be asked for it. */
export function isOutOfReach({ error }: SkippedTag): boolean {
  return NOT_THE_TAGS_FAULT.includes(error.kind);
}

/** All tags that look like packages, sorted. */
export async function packageTags(target: TagLister, signal?: AbortSignal): Promise<string[]> {
  const tags: string[] = [];
  for await (const tag of target.tags({ signal })) if (isPackageTag(tag)) tags.push(tag);
  return tags.sort();
}

/**
 * Reads the spec of each tag.
 *
 * @param known specs that need no request, by tag
 * @throws SpackOciError where all that is asked for is out of reach; one bad tag is only skipped
 */
export async function scanTags(
  target: Target,
  scheduler: Scheduler,
  tags: readonly string[],
  options: {
    readonly known?: ReadonlyMap<string, SpecDocument> | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<ScannedTags> {
  const { known, signal } = options;
  const read = async (tag: string): Promise<SpecDocument | SkippedTag> => {
    const document = known?.get(tag);
    if (document !== undefined) return document;
    try {
      return (await scheduler.light(() => readPackageImage(target, tag, signal))).document;
    } catch (error) {
      signal?.throwIfAborted();
      return { tag, error: asSpackOciError(error) };
    }
  };
  const results = await Promise.all(tags.map(read));
  const specs = results.filter((result) => "root" in result);
  const skipped = results.filter((result) => "error" in result);
  const [first] = skipped;
  if (first !== undefined && specs.length === 0 && skipped.every(isOutOfReach)) throw first.error;
  return { specs, skipped };
}
