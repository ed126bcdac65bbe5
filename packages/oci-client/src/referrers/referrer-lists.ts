// Finds the referrers of a manifest, and adds to their list: through the registry's API, or under a tag.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { isImageIndex } from "../content/manifest.js";
import { MEDIA_TYPES } from "../content/media-types.js";
import { referrersIndex, referrersTag } from "../content/referrers.js";
import { pushBytes } from "../storage/bytes.js";
import { fetchManifest } from "../storage/fetch-manifest.js";
import { isReferrerLister, type RequestOptions, type Target } from "../storage/target.js";

/** Options of a search for referrers. */
export interface ReferrerOptions extends RequestOptions {
  /** All tags of the target, if known: they show without a request which manifests have a list under a tag. */
  readonly tags?: ReadonlySet<string> | undefined;
}

/**
 * The manifests with a given subject (distribution specification, "Listing Referrers" and its fallback).
 *
 * @returns What the target lists, which may name manifests of any kind, or none that exist; empty if it lists nothing.
 */
export async function referrersOf(
  target: Target,
  subject: Digest,
  { signal, tags }: ReferrerOptions = {},
): Promise<readonly Descriptor[]> {
  const listed = isReferrerLister(target) ? await target.referrers(subject, { signal }) : undefined;
  if (listed !== undefined) return listed;
  if (tags?.has(referrersTag(subject)) === false) return [];
  return listedUnderTag(target, subject, { signal });
}

/** Adds referrers to the list under the target's tag; a registry with the API keeps the list itself. */
export async function listReferrersOf(
  target: Target,
  subject: Digest,
  { referrers, signal }: RequestOptions & { readonly referrers: readonly Descriptor[] },
): Promise<void> {
  if (isReferrerLister(target) && (await target.referrers(subject, { signal })) !== undefined) return;
  const listed = await listedUnderTag(target, subject, { signal });
  const known = new Set(listed.map(({ digest }) => digest));
  const missing = referrers.filter(({ digest }) => !known.has(digest));
  if (missing.length === 0) return;
  const index = Buffer.from(JSON.stringify(referrersIndex([...listed, ...missing])));
  await pushBytes(target, index, {
    mediaType: MEDIA_TYPES.ociIndex,
    tag: referrersTag(subject),
    signal,
  });
}

async function listedUnderTag(
  target: Target,
  subject: Digest,
  options: RequestOptions,
): Promise<readonly Descriptor[]> {
  try {
    const { manifest } = await fetchManifest(target, referrersTag(subject), options);
    return isImageIndex(manifest) ? manifest.manifests : [];
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return [];
    throw error;
  }
}
