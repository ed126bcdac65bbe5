// Lists the tags of a buildcache, which may not exist yet.

import { isSpackOciError } from "@spack-oci/errors";
import type { TagLister } from "@spack-oci/oci-client";

/** Every tag, including those that are not packages. */
export async function allTags(target: TagLister, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const tags = new Set<string>();
  for await (const tag of target.tags({ signal })) tags.add(tag);
  return tags;
}

/**
 * The same; empty if the buildcache does not exist. A registry answers 404 for a repository without any push
 * (`NAME_UNKNOWN`), and creates it with the first push.
 */
export async function allTagsIfAny(target: TagLister, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  try {
    return await allTags(target, signal);
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    return new Set();
  }
}
