// Deletes tags with their manifests, and nothing that another tag needs: deleting a manifest deletes all of its tags.
import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import type { DeleteTagsOptions, TagDeletion } from "../target/target.js";
import { type DeleteManifest, deleteTag } from "./delete.js";
import type { Repository } from "./repository.js";
import { surveyTags } from "./survey-tags.js";

/** Does what {@link Deleter.deleteTags} promises. */
export async function deleteTags(
  repository: Repository,
  tags: readonly string[],
  deleteManifest: DeleteManifest,
  options: DeleteTagsOptions,
): Promise<readonly TagDeletion[]> {
  if (tags.length === 0) return [];
  const { doomed, needed, uncertain } = await surveyTags(repository, new Set(tags), options);
  const deleted = new Set<Digest>();
  const remove = async (tag: string): Promise<void> => {
    const found = doomed.get(tag);
    if (found === undefined) return;
    if ("error" in found) throw found.error;
    if (deleted.has(found.digest)) return;
    if (uncertain || needed.has(found.digest)) return deleteTag(repository, tag, deleteManifest, options);
    await deleteWithManifest(repository, tag, found, deleteManifest, options);
    deleted.add(found.digest);
  };
  // One after the other: registries allow few deletions at once, and two of one manifest would be in each other's way.
  const deletions: TagDeletion[] = [];
  for (const tag of tags) {
    const deletion = await resultOf(tag, () => remove(tag));
    options.signal?.throwIfAborted();
    options.onDeleted?.(deletion);
    deletions.push(deletion);
  }
  return deletions;
}

/** Some registries delete tags and no manifests. */
async function deleteWithManifest(
  repository: Repository,
  tag: string,
  manifest: Descriptor,
  deleteManifest: DeleteManifest,
  options: DeleteTagsOptions,
): Promise<void> {
  try {
    await deleteManifest(manifest, options);
  } catch (error) {
    if (!isSpackOciError(error, "unsupported")) throw error;
    await deleteTag(repository, tag, deleteManifest, options);
  }
}

async function resultOf(tag: string, remove: () => Promise<void>): Promise<TagDeletion> {
  try {
    await remove();
    return { tag };
  } catch (error) {
    return isSpackOciError(error, "not-found") ? { tag } : { tag, error };
  }
}
