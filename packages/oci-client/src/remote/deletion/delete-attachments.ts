// Deletes what is attached to a manifest: nobody could find it once the manifest is gone.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../../content/descriptor.js";
import type { Digest } from "../../content/digest.js";
import { childrenOf, parseManifest } from "../../content/manifest.js";
import { referrersTag } from "../../content/referrers.js";
import { fetchManifestBytes, resolveManifest } from "../manifests/read-manifest.js";
import { describePlace } from "../requests/repository.js";
import type { Deletion } from "./delete.js";
import type { TagSurvey } from "./survey-tags.js";

/**
 * Deletes the referrers of a manifest, what refers to those, and tags that belong to it by their name. A referrer that
 * a remaining tag needs stays.
 */
export async function deleteAttachments(
  deletion: Deletion,
  subject: Digest,
  survey: Pick<TagSurvey, "attached" | "needed">,
): Promise<void> {
  const { repository, options, deleteManifest } = deletion;
  const tags = survey.attached.get(subject) ?? [];
  for (const referrer of await referrersOf(deletion, subject, tags)) {
    if (referrer.digest === subject || survey.needed.has(referrer.digest)) continue;
    await deleteAttachments(deletion, referrer.digest, survey);
    await unlessMissing(() => deleteManifest(referrer, options));
  }
  for (const tag of tags) {
    await unlessMissing(async () => deleteManifest(await resolveManifest(repository, tag, options), options));
  }
}

async function referrersOf(
  { repository, listReferrers, options }: Deletion,
  subject: Digest,
  tags: readonly string[],
): Promise<readonly Descriptor[]> {
  const listed = (await listReferrers(subject, options)) ?? [];
  const tag = referrersTag(subject);
  if (!tags.includes(tag)) return listed;
  const { bytes } = await fetchManifestBytes(repository, tag, options);
  return [...listed, ...childrenOf(parseManifest(bytes, describePlace(repository, tag)))];
}

/** What another process has deleted is gone as well. */
export async function unlessMissing(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
  }
}
