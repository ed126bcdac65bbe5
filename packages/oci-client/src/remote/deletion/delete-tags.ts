// Deletes tags with their manifests, except those that another tag needs: deleting a manifest deletes all of its tags.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../../content/descriptor.js";
import type { Digest } from "../../content/digest.js";
import type { DeleteTagsOptions, TagDeletion } from "../../storage/target.js";
import { type Deletion, deleteTag } from "./delete.js";
import { deleteAttachments, unlessMissing } from "./delete-attachments.js";
import { surveyTags, type TagSurvey } from "./survey-tags.js";

/** Does what {@link Deleter.deleteTags} promises. */
export async function deleteTagsAndManifests(
  deletion: Deletion<DeleteTagsOptions>,
  tags: readonly string[],
): Promise<readonly TagDeletion[]> {
  if (tags.length === 0) return [];
  const { repository, options } = deletion;
  const { toDelete, needed, attached, uncertain } = await surveyTags(repository, new Set(tags), options);
  const deleted = new Set<Digest>();
  const remove = async (tag: string): Promise<void> => {
    const found = toDelete.get(tag);
    if (found === undefined) return;
    if ("error" in found) throw found.error;
    if (deleted.has(found.digest)) return;
    if (uncertain || needed.has(found.digest)) return deleteTag(deletion, tag);
    await deleteWithManifest(deletion, tag, { manifest: found, attached, needed });
    deleted.add(found.digest);
  };
  // One at a time: registries allow few concurrent deletions, and two of one manifest would conflict.
  const deletions: TagDeletion[] = [];
  for (const tag of tags) {
    const result = await resultOf(tag, () => remove(tag));
    options.signal?.throwIfAborted();
    options.onDeleted?.(result);
    deletions.push(result);
  }
  return deletions;
}

/** A manifest to delete, with what is attached to it. */
interface ManifestToDelete extends Pick<TagSurvey, "attached" | "needed"> {
  readonly manifest: Descriptor;
}

/**
 * What is attached goes first: it can only be found through its subject, so that an interrupted deletion would leave
 * it behind. Some registries delete tags but no manifests.
 */
async function deleteWithManifest(deletion: Deletion, tag: string, found: ManifestToDelete): Promise<void> {
  try {
    await deleteAttachments(deletion, found.manifest.digest, found);
    await deletion.deleteManifest(found.manifest, deletion.options);
  } catch (error) {
    if (!isSpackOciError(error, "unsupported")) throw error;
    for (const each of found.attached.get(found.manifest.digest) ?? [])
      await unlessMissing(() => deleteTag(deletion, each));
    await deleteTag(deletion, tag);
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
