// Referrers are manifests with another manifest as their subject: signatures, attestations, bills of materials.

import type { Descriptor } from "./descriptor.js";
import { algorithmOf, type Digest, hexOf, isDigest } from "./digest.js";
import type { ImageIndex } from "./manifest.js";
import { MEDIA_TYPES } from "./media-types.js";

/**
 * The tag that lists a manifest's referrers on registries without the referrers API (distribution specification,
 * "Referrers Tag Schema"): `sha256-<hex>`, with at most 64 digits.
 *
 * @example
 * ```ts
 * import { digestOf, referrersTag, subjectOfTag } from "@spack-oci/oci-client";
 *
 * const tag = referrersTag(digestOf("{}"));
 * console.log(tag.slice(0, 15)); // sha256-44136fa3
 * console.log(subjectOfTag(tag) === digestOf("{}")); // true
 * ```
 */
export function referrersTag(subject: Digest): string {
  return `${algorithmOf(subject)}-${hexOf(subject).slice(0, 64)}`;
}

/** The manifest whose referrers a tag lists; undefined for all other tags. */
export function subjectOfTag(tag: string): Digest | undefined {
  const digest = tag.replace("-", ":");
  return isDigest(digest) ? digest : undefined;
}

/**
 * The manifest that a tag belongs to by its name: the list of its referrers, or `sha256-<hex>.sig` and the like, where
 * older versions of cosign keep signatures; undefined for all other tags.
 */
export function subjectOfAttachedTag(tag: string): Digest | undefined {
  return subjectOfTag(/^([a-z0-9]+-[0-9a-f]{64})\./.exec(tag)?.[1] ?? tag);
}

/** An index that lists referrers. */
export function referrersIndex(referrers: readonly Descriptor[]): ImageIndex {
  return { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: referrers };
}
