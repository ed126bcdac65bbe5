// The verb diff: shows the differences between two buildcaches.

import type { SpackOciError } from "@spack-oci/errors";
import type { TagLister } from "@spack-oci/oci-client";
import { asSpackOciError } from "../../failures/failure.js";
import { INDEX_TAG } from "../../package-image/tags.js";
import { allTags } from "../../package-index/all-tags.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";
import { compareImages, type ImagePart } from "./compare-images.js";
import { compareIndexes, type IndexDifference } from "./compare-indexes.js";

export interface DiffRequest {
  /** The buildcache to compare with, `B` in the result. */
  readonly other: Buildcache;
}

/** A tag on both sides, on different images. */
interface TagDifference {
  readonly tag: string;
  readonly parts: readonly ImagePart[];
}

/** How two buildcaches compare; all lists of tags are sorted. */
export interface DiffResult {
  readonly onlyInA: readonly string[];
  readonly onlyInB: readonly string[];
  /** Tags on the same manifest on both sides. */
  readonly same: readonly string[];
  readonly different: readonly TagDifference[];
  /** Tags that could not be compared. */
  readonly unreadable: readonly { readonly tag: string; readonly error: SpackOciError }[];
  readonly index: IndexDifference;
}

/** Whether no difference was found, as far as tags could be read. */
export function isSame({ onlyInA, onlyInB, different, index }: DiffResult): boolean {
  const lists = [onlyInA, onlyInB, different, index.onlyInA, index.onlyInB, index.different];
  return lists.every((list) => list.length === 0);
}

/**
 * Compares two buildcaches by the digests of their tags: two small requests for each common tag, and four more if it
 * differs.
 *
 * @throws SpackOciError if tags cannot be listed, or an index cannot be read; failures of single tags are part of the
 *   result
 *
 * @example
 * ```ts
 * import { createScheduler, diff, isSame, openSession } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const other = session.mirrors.open("oci-layout:buildcache", "fetch");
 * console.log(isSame(await diff(mirror, { other }, { run: { scheduler: createScheduler(4) } }))); // true
 * ```
 */
export async function diff(
  a: Buildcache,
  { other: b }: DiffRequest,
  { run }: VerbContext,
): Promise<DiffResult> {
  const { scheduler, listener, signal } = run;
  const [inA, inB] = await Promise.all([packagesAndImages(a, signal), packagesAndImages(b, signal)]);
  const index = await compareIndexes(a, b, signal);
  const common = [...inA].filter((tag) => inB.has(tag));
  listener?.({ type: "planned", todo: common.length, present: 0 });
  const compare = async (tag: string): Promise<Compared> => {
    try {
      const digests = await Promise.all(
        [a, b].map(async (target) => (await target.resolve(tag, { signal })).digest),
      );
      return digests[0] === digests[1] ? { tag } : { tag, parts: await compareImages([a, b], tag, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      return { tag, error: asSpackOciError(error) };
    } finally {
      listener?.({ type: "checked", tag });
    }
  };
  const compared = await Promise.all(common.map((tag) => scheduler.request(() => compare(tag))));
  return {
    onlyInA: [...inA].filter((tag) => !inB.has(tag)),
    onlyInB: [...inB].filter((tag) => !inA.has(tag)),
    same: compared.flatMap(({ tag, ...found }) => ("parts" in found || "error" in found ? [] : [tag])),
    different: compared.flatMap((each) => ("parts" in each ? [each] : [])),
    unreadable: compared.flatMap((each) => ("error" in each ? [each] : [])),
    index,
  };
}

type Compared =
  | { readonly tag: string }
  | TagDifference
  | { readonly tag: string; readonly error: SpackOciError };

/** All tags except the index's, whose bytes depend on the order of writes. */
async function packagesAndImages(
  target: TagLister,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const tags = await allTags(target, signal);
  return new Set([...tags].filter((tag) => tag !== INDEX_TAG).sort());
}
