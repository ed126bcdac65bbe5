// Referrers are manifests that name another as their subject: signatures, attestations, bills of materials.
import type { Descriptor } from "./descriptor.js";
import { algorithmOf, type Digest, hexOf, isDigest } from "./digest.js";
import type { ImageIndex } from "./manifest.js";
import { mediaTypes } from "./media-types.js";

/**
 * The tag under which a manifest's referrers are listed where there is no referrers API (distribution specification,
 * "Referrers Tag Schema"): `sha256-<hex>`, of which a tag holds no more than 64 digits.
 */
export function referrersTag(subject: Digest): string {
  return `${algorithmOf(subject)}-${hexOf(subject).slice(0, 64)}`;
}

/** The manifest whose referrers a tag lists; undefined for any other tag. */
export function subjectOfTag(tag: string): Digest | undefined {
  const digest = tag.replace("-", ":");
  return isDigest(digest) ? digest : undefined;
}

/** The list itself. */
export function referrersIndex(referrers: readonly Descriptor[]): ImageIndex {
  return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: referrers };
}
