// Asks both sides what tags are on, where their names do not tell.

import { isSpackOciError } from "@spack-oci/errors";
import type { Digest, Target } from "@spack-oci/oci-client";
import type { Scheduler } from "../schedule/scheduler.js";
import type { CopyItem } from "./plan-copy.js";

/** Tags by whether both sides have them on the same manifest. */
export interface ComparedDigests {
  readonly equal: readonly CopyItem[];
  readonly different: readonly CopyItem[];
}

/** Two small requests for each tag. */
export async function compareDigests(
  items: readonly CopyItem[],
  destination: Target,
  scheduler: Scheduler,
  signal?: AbortSignal,
): Promise<ComparedDigests> {
  const digestAt = (target: Target, tag: string) => scheduler.light(() => digestIfAny(target, tag, signal));
  const isEqual = await Promise.all(
    items.map(async ({ tag, source }) => {
      const [there, here] = await Promise.all([digestAt(source.mirror, tag), digestAt(destination, tag)]);
      return there === here;
    }),
  );
  return {
    equal: items.filter((_item, at) => isEqual[at]),
    different: items.filter((_item, at) => !isEqual[at]),
  };
}

/** What a tag is on; undefined where it is gone, or was never there. */
export async function digestIfAny(
  target: Target,
  tag: string,
  signal?: AbortSignal,
): Promise<Digest | undefined> {
  try {
    return (await target.resolve(tag, { signal })).digest;
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return undefined;
    throw error;
  }
}
