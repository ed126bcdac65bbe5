// Lists the tags of a buildcache, which may not exist yet.

import { isSpackOciError } from "@spack-oci/errors";
import type { TagLister } from "@spack-oci/oci-client";

/** Every tag, also of what is no package. */
export async function allTags(target: TagLister, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const tags = new Set<string>();
  for await (const tag of target.tags({ signal })) tags.add(tag);
  return tags;
}

/**
 * The same; none where there is no buildcache. A registry answers 404 for a repository that nothing was pushed to
 * (`NAME_UNKNOWN`), and makes it with the first push.
 */
export async function allTagsIfAny(target: TagLister, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  try {
    return await allTags(target, signal);
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    return new Set();
  }
}
