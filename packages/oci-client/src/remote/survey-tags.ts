// Finds out which manifests the tags of a repository need, before some of them are deleted.
import { isSpackOciError } from "@spack-oci/errors";
import pLimit from "p-limit";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { childrenOf, parseManifest } from "../content/manifest.js";
import { isIndexType } from "../content/media-types.js";
import type { RequestOptions } from "../target/target.js";
import { fetchManifestBytes, resolveManifest } from "./manifests.js";
import { placeOf, type Repository } from "./repository.js";
import { listTags } from "./tags.js";

/** Questions that wait at once; the gate decides how many are asked. */
const questions = 32;

/** What the tags of a repository name. */
export interface TagSurvey {
  /** The manifests of the doomed tags that are there; the error where one could not be asked for. */
  readonly doomed: ReadonlyMap<string, Descriptor | { readonly error: unknown }>;
  /** The manifests that tags which stay name, or list in their indexes. */
  readonly needed: ReadonlySet<Digest>;
  /** Whether a tag that stays could not be asked, so that it may need any manifest. */
  readonly uncertain: boolean;
}

/** Asks for the digest of every tag: one request each, and one more for each index that stays. */
export async function surveyTags(
  repository: Repository,
  doomed: ReadonlySet<string>,
  options: RequestOptions,
): Promise<TagSurvey> {
  const found = new Map<string, Descriptor | { readonly error: unknown }>();
  const needed = new Set<Digest>();
  let uncertain = false;
  const ask = async (tag: string): Promise<void> => {
    try {
      const descriptor = await resolveManifest(repository, tag, options);
      if (doomed.has(tag)) found.set(tag, descriptor);
      else await addNeeded(repository, descriptor, needed, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isSpackOciError(error, "not-found")) return;
      if (doomed.has(tag)) found.set(tag, { error });
      else uncertain = true;
    }
  };
  const limit = pLimit(questions);
  const asked: Promise<void>[] = [];
  for await (const tag of listTags(repository, options)) asked.push(limit(() => ask(tag)));
  await Promise.all(asked);
  return { doomed: found, needed, uncertain };
}

async function addNeeded(
  repository: Repository,
  { digest, mediaType }: Pick<Descriptor, "digest" | "mediaType">,
  needed: Set<Digest>,
  options: RequestOptions,
): Promise<void> {
  needed.add(digest);
  if (!isIndexType(mediaType)) return;
  const { bytes } = await fetchManifestBytes(repository, digest, options);
  const children = childrenOf(parseManifest(bytes, placeOf(repository, digest)));
  for (const child of children) needed.add(child.digest);
  for (const child of children) {
    if (isIndexType(child.mediaType)) await addNeeded(repository, child, needed, options);
  }
}
