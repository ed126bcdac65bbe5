// Checks, before any tag is deleted, that the target supports deletion and that the user confirms it.

import { SpackOciError } from "@spack-oci/errors";
import { type Deleter, isDeleter, type Target } from "@spack-oci/oci-client";

/** Asks whether tags of a target may be deleted. */
export type ConfirmDeletion = (target: string, tags: readonly string[]) => Promise<boolean>;

export interface DeletionRequest {
  /** The predicate that explains the deletion: "are not needed" for "3 tags of X are not needed, and ...". */
  readonly why: string;
  readonly confirm: ConfirmDeletion | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the target as a deleter once it is known to support deletion and the user has confirmed the tags. Asks
 * nothing if there are no tags.
 *
 * @returns undefined if there are no tags, or the user declined
 * @throws SpackOciError `ERR_CANNOT_DELETE` (`unsupported`), the target's own error if it does not allow deletion,
 *   and `ERR_DELETION_UNCONFIRMED` (`usage`) if there is no way to ask
 */
export async function requireDeletion<T extends Target>(
  target: T,
  tags: readonly string[],
  { why, confirm, signal }: DeletionRequest,
): Promise<(T & Deleter) | undefined> {
  if (tags.length === 0) return undefined;
  const deleter = requireDeleter(target);
  if (confirm === undefined) throw unconfirmed(target.name, tags, why);
  await deleter.checkDeletion({ signal });
  return (await confirm(target.name, tags)) ? deleter : undefined;
}

/** @throws SpackOciError `ERR_CANNOT_DELETE` for a target that does not support deletion */
export function requireDeleter<T extends Target>(target: T): T & Deleter {
  if (isDeleter(target)) return target as T & Deleter;
  throw new SpackOciError("ERR_CANNOT_DELETE", `${target.name} does not support deletion.`, {
    kind: "unsupported",
    place: target.name,
    hint: "Name the registry or the directory itself.",
  });
}

function unconfirmed(target: string, tags: readonly string[], why: string): SpackOciError {
  return new SpackOciError(
    "ERR_DELETION_UNCONFIRMED",
    `${tags.length} tags of ${target} ${why}, and would be deleted:\n${tags.join("\n")}`,
    {
      kind: "usage",
      place: target,
      hint: `Add "--yes" to delete them, or "--dry-run" to preview; there is no terminal to confirm on.`,
    },
  );
}
