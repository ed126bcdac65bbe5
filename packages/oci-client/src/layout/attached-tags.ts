// Finds the tags of what is attached to manifests that lose their last tag.

import type { Digest } from "../content/digest.js";
import type { ImageIndex } from "../content/manifest.js";
import { referrersTag, subjectOfAttachedTag } from "../content/referrers.js";
import { childrenIn } from "./delete-tags.js";
import { tagOf } from "./layout-index.js";

/** The tags, and those of lists of referrers and the like that belong only to their manifests. */
export async function withAttachedTags(
  directory: string,
  { manifests }: ImageIndex,
  tags: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const digests = new Map(manifests.flatMap((listed) => [[tagOf(listed) ?? "", listed.digest] as const]));
  const kept = new Set([...digests].flatMap(([tag, digest]) => (tags.has(tag) ? [] : [digest])));
  const attached = new Map<Digest, string[]>();
  for (const tag of digests.keys()) {
    const subject = subjectOfAttachedTag(tag);
    if (subject !== undefined) attached.set(subject, [...(attached.get(subject) ?? []), tag]);
  }
  const found = new Set(tags);
  const visit = async (subject: Digest): Promise<void> => {
    for (const tag of attached.get(subject) ?? []) {
      const list = digests.get(tag);
      if (found.has(tag) || list === undefined) continue;
      found.add(tag);
      if (tag !== referrersTag(subject)) continue;
      for (const referrer of await childrenIn(directory, list)) await visit(referrer.digest);
    }
  };
  for (const tag of tags) {
    const digest = digests.get(tag);
    if (digest !== undefined && !kept.has(digest)) await visit(digest);
  }
  return found;
}
