// Opens a mirror as a source of copies: its tags, and which tags belong to which image.

import { type Digest, isDigest } from "@spack-oci/oci-client";
import { allTags } from "../../package-index/all-tags.js";
import type { Buildcache } from "../../schedule/run.js";

/** A mirror to copy from. */
export interface CopySource {
  readonly mirror: Buildcache;
  readonly tags: ReadonlySet<string>;
  /** Tags that accompany an image, by its digest: `sha256-<hex>.sig` and the like, where cosign stores signatures. */
  readonly companions: ReadonlyMap<Digest, readonly string[]>;
}

/** @throws SpackOciError of kind `not-found` if there is no such mirror, and the target's own errors */
export async function openSource(mirror: Buildcache, signal?: AbortSignal): Promise<CopySource> {
  const tags = await allTags(mirror, signal);
  const companions = new Map<Digest, string[]>();
  for (const tag of tags) {
    const subject = subjectOfCompanion(tag);
    if (subject !== undefined) companions.set(subject, [...(companions.get(subject) ?? []), tag]);
  }
  return { mirror, tags, companions };
}

function subjectOfCompanion(tag: string): Digest | undefined {
  const digest = /^(sha256-[0-9a-f]{64})\./.exec(tag)?.[1]?.replace("-", ":");
  return isDigest(digest) ? digest : undefined;
}
