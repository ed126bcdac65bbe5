// What a push finds in a buildcache, which may not exist yet.

import { isSpackOciError } from "@spack-oci/errors";
import type { TagLister } from "@spack-oci/oci-client";
import { packageTags } from "../index/scan-tags.js";

/**
 * The tags of packages. A registry answers 404 for a repository that nothing was pushed to (`NAME_UNKNOWN`), and makes it
 * with the first push.
 */
export async function existingTags(target: TagLister, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  try {
    return new Set(await packageTags(target, signal));
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    return new Set();
  }
}
