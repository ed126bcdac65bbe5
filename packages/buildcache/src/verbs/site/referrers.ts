// Which images have signatures and the like, as far as tags reveal it without another request.

import { isDigest, subjectOfTag } from "@spack-oci/oci-client";

/** A tag of cosign: the digest of an image, and what the tag holds, such as `sig`, `att` or `sbom`. */
const COSIGN_TAG = /^(sha256)-([0-9a-f]{64})\.([a-z0-9.]+)$/;

/** @returns what refers to an image, by its digest: suffixes of cosign's tags, and `referrers` for a list of them */
export function referrersOf(tags: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const referrers = new Map<string, string[]>();
  const add = (digest: string, what: string) =>
    referrers.set(digest, [...(referrers.get(digest) ?? []), what].sort());
  for (const tag of tags) {
    const [, algorithm, hex, suffix = ""] = COSIGN_TAG.exec(tag) ?? [];
    const digest = `${algorithm}:${hex}`;
    const subject = subjectOfTag(tag);
    if (isDigest(digest)) add(digest, suffix);
    else if (subject !== undefined) add(subject, "referrers");
  }
  return referrers;
}
