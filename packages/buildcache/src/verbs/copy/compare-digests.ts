// Compares the digests of tags whose names do not reveal their content.

import { isSpackOciError } from "@spack-oci/errors";
import type { Digest, Target } from "@spack-oci/oci-client";
import type { Run } from "../../schedule/run.js";
import type { CopyItem } from "./plan-copy.js";

/** Tags, divided by whether they are on the same manifest on both sides. */
export interface ComparedDigests<Item> {
  readonly equal: readonly (Item & { readonly digest: Digest })[];
  readonly different: readonly Item[];
}

/** Costs two small requests for each tag. */
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
      const [atSource, atDestination] = await Promise.all([
        digestAt(source.mirror, tag),
        digestAt(destination, tag),
      ]);
      if (atSource !== undefined && atSource === atDestination) equal.push({ ...item, digest: atSource });
      else different.push(item);
    }),
  );
  return { equal, different };
}

/** The digest that a tag is on; undefined if it does not exist. */
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
