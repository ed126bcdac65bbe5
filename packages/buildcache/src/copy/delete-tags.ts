// Removes from a destination what no source has, once somebody has agreed to it.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { isDeleter, type Target } from "@spack-oci/oci-client";
import type { FailedTag } from "../events.js";
import { asSpackOciError } from "../failure.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { CopyMirrorOptions } from "./copy-options.js";

/**
 * Whether tags may be deleted; nothing is asked where there are none.
 *
 * @throws SpackOciError `ERR_COPY_UNCONFIRMED` (`usage`) where nobody can be asked, `ERR_CANNOT_DELETE` (`unsupported`)
 */
export async function requireConfirmation(
  destination: Target,
  tags: readonly string[],
  { confirmDeletion }: CopyMirrorOptions,
): Promise<boolean> {
  if (tags.length === 0) return false;
  if (!isDeleter(destination)) {
    throw new SpackOciError("ERR_CANNOT_DELETE", `Nothing can be deleted from ${destination.name}.`, {
      kind: "unsupported",
      place: destination.name,
      hint: `Copy without "--delete".`,
    });
  }
  if (confirmDeletion !== undefined) return confirmDeletion(destination.name, tags);
  throw new SpackOciError(
    "ERR_COPY_UNCONFIRMED",
    `${tags.length} tags of ${destination.name} are in no source and would be deleted:\n${tags.join("\n")}`,
    {
      kind: "usage",
      place: destination.name,
      hint: `Add "--yes" to delete them, or "--dry-run" to look first; there is no terminal to ask on.`,
    },
  );
}

/** Which tags are gone, and which could not be deleted. */
export interface Deletions {
  readonly deleted: readonly string[];
  readonly failed: readonly FailedTag[];
}

/** Deletes tags that the index knows nothing of any more; one that fails does not stop the others. */
export async function deleteTags(
  destination: Target,
  tags: readonly string[],
  scheduler: Scheduler,
  { listener, signal }: CopyMirrorOptions,
): Promise<Deletions> {
  const failed: FailedTag[] = [];
  const deleteOne = async (tag: string): Promise<void> => {
    try {
      if (isDeleter(destination)) await destination.delete({ tag }, { signal });
      listener?.({ type: "deleted", tag });
    } catch (error) {
      signal?.throwIfAborted();
      // Somebody else may have deleted it.
      if (isSpackOciError(error, "not-found")) return;
      const failure = { tag, outcome: "failed", error: asSpackOciError(error) } as const;
      failed.push(failure);
      listener?.({ type: "copied", ...failure });
    }
  };
  await Promise.all(tags.map((tag) => scheduler.light(() => deleteOne(tag))));
  const isLeft = new Set(failed.map(({ tag }) => tag));
  return { deleted: tags.filter((tag) => !isLeft.has(tag)), failed };
}
