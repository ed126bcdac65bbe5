// Finds the referrers of a manifest at a source, and lists them at a target: through its API, or under a tag.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { isImageIndex } from "../content/manifest.js";
import { MEDIA_TYPES } from "../content/media-types.js";
import { referrersIndex, referrersTag } from "../content/referrers.js";
import { pushBytes } from "../storage/bytes.js";
import { fetchManifest } from "../storage/fetch-manifest.js";
import { isReferrerLister, type RequestOptions, type Target } from "../storage/target.js";
import type { Copy } from "./copy-options.js";

/**
 * The manifests at the source with a given subject (distribution specification, "Listing Referrers" and its
 * fallback).
 */
export async function referrersOf({ from, options }: Copy, subject: Digest): Promise<readonly Descriptor[]> {
  const { signal, sourceTags } = options;
  const listed = isReferrerLister(from) ? await from.referrers(subject, { signal }) : undefined;
  if (listed !== undefined) return listed;
  if (sourceTags?.has(referrersTag(subject)) === false) return [];
  return listedUnderTag(from, subject, { signal });
}

/** Adds referrers to the list under the target's tag; a registry with the API keeps the list itself. */
export async function listAtTarget(
  { to, options }: Copy,
  subject: Digest,
  referrers: readonly Descriptor[],
): Promise<void> {
  const { signal } = options;
  if (isReferrerLister(to) && (await to.referrers(subject, { signal })) !== undefined) return;
  const listed = await listedUnderTag(to, subject, { signal });
  const known = new Set(listed.map(({ digest }) => digest));
  const missing = referrers.filter(({ digest }) => !known.has(digest));
  if (missing.length === 0) return;
  const index = Buffer.from(JSON.stringify(referrersIndex([...listed, ...missing])));
  await pushBytes(to, index, {
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
