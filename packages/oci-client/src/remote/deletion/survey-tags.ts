// Finds out which manifests the tags of a repository need, before some of them are deleted.

import { isSpackOciError } from "@spack-oci/errors";
import pLimit from "p-limit";
import type { Descriptor } from "../../content/descriptor.js";
import type { Digest } from "../../content/digest.js";
import { childrenOf, parseManifest } from "../../content/manifest.js";
import { isIndexType } from "../../content/media-types.js";
import { subjectOfAttachedTag } from "../../content/referrers.js";
import type { RequestOptions } from "../../storage/target.js";
import { listTags } from "../lists/tags.js";
import { fetchManifestBytes, resolveManifest } from "../manifests/read-manifest.js";
import { describePlace, type Repository } from "../requests/repository.js";

/** Tags that are resolved at once; the host's gate decides how many requests are sent. */
const CONCURRENCY = 32;

/** What the tags of a repository name. */
export interface TagSurvey {
  /** The manifests of the tags to delete; the error if one could not be resolved. */
  readonly toDelete: ReadonlyMap<string, Descriptor | { readonly error: unknown }>;
  /** The manifests that the remaining tags name, or list in their indexes. */
  readonly needed: ReadonlySet<Digest>;
  /** Tags of what is attached to manifests, by the manifest; they share its fate, so that they do not count above. */
  readonly attached: ReadonlyMap<Digest, readonly string[]>;
  /** Whether a remaining tag could not be resolved, so that it may need any manifest. */
  readonly uncertain: boolean;
}

/** Resolves every tag but those of attachments: one request each, and another for each index that remains. */
export async function surveyTags(
  repository: Repository,
  tagsToDelete: ReadonlySet<string>,
  options: RequestOptions,
): Promise<TagSurvey> {
  const toDelete = new Map<string, Descriptor | { readonly error: unknown }>();
  const needed = new Set<Digest>();
  const attached = new Map<Digest, string[]>();
  let uncertain = false;
  const survey = async (tag: string): Promise<void> => {
    try {
      const descriptor = await resolveManifest(repository, tag, options);
      if (tagsToDelete.has(tag)) toDelete.set(tag, descriptor);
      else for await (const digest of digestsBelow(repository, descriptor, options)) needed.add(digest);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isSpackOciError(error, "not-found")) return;
      if (tagsToDelete.has(tag)) toDelete.set(tag, { error });
      else uncertain = true;
    }
  };
  const limit = pLimit(CONCURRENCY);
  const surveys: Promise<void>[] = [];
  for await (const tag of listTags(repository, options)) {
    const subject = subjectOfAttachedTag(tag);
    if (subject !== undefined) attached.set(subject, [...(attached.get(subject) ?? []), tag]);
    if (subject === undefined || tagsToDelete.has(tag)) surveys.push(limit(() => survey(tag)));
  }
  await Promise.all(surveys);
  return { toDelete, needed, attached, uncertain };
}

/** A manifest and everything that its indexes list; what was found before an error counts. */
async function* digestsBelow(
  repository: Repository,
  { digest, mediaType }: Pick<Descriptor, "digest" | "mediaType">,
  options: RequestOptions,
): AsyncGenerator<Digest> {
  yield digest;
  if (!isIndexType(mediaType)) return;
  const { bytes } = await fetchManifestBytes(repository, digest, options);
  const children = childrenOf(parseManifest(bytes, describePlace(repository, digest)));
  yield* children.map((child) => child.digest);
  for (const child of children) yield* digestsBelow(repository, child, options);
}
