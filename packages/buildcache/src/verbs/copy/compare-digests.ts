// Asks both sides what tags are on, where their names do not tell.

import { isSpackOciError } from "@spack-oci/errors";
import type { Digest, Target } from "@spack-oci/oci-client";
import type { Run } from "../../schedule/run.js";
import type { CopyItem } from "./plan-copy.js";

/** Tags by whether both sides have them on the same manifest. */
export interface ComparedDigests<Item> {
  readonly equal: readonly (Item & { readonly digest: Digest })[];
  readonly different: readonly Item[];
}

/** Two small requests for each tag. */
export async function compareDigests<Item extends CopyItem>(
  items: readonly Item[],
  destination: Target,
  { scheduler, signal }: Run,
): Promise<ComparedDigests<Item>> {
  const digestAt = (target: Target, tag: string) => scheduler.request(() => digestIfAny(target, tag, signal));
  const equal: (Item & { readonly digest: Digest })[] = [];
  const different: Item[] = [];
  await Promise.all(
    items.map(async (item) => {
      const { tag, source } = item;
      const [there, here] = await Promise.all([digestAt(source.mirror, tag), digestAt(destination, tag)]);
      if (there !== undefined && there === here) equal.push({ ...item, digest: there });
      else different.push(item);
    }),
  );
  return { equal, different };
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
