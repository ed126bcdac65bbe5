// Before tags are deleted: the target can do it, and somebody has agreed to it.

import { SpackOciError } from "@spack-oci/errors";
import { type Deleter, isDeleter, type Target } from "@spack-oci/oci-client";

/** Asks whether tags of a target may be deleted. */
export type ConfirmDeletion = (target: string, tags: readonly string[]) => Promise<boolean>;

export interface DeletionRequest {
  /** The part of the sentence that says what is wrong with the tags, as in "3 tags that nothing needs". */
  readonly why: string;
  readonly confirm: ConfirmDeletion | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What deletes tags, once it is known that it can, and somebody to whom they were shown has agreed. Nothing is asked where
 * there are no tags.
 *
 * @returns undefined where there are no tags, or the answer was no
 * @throws SpackOciError `ERR_CANNOT_DELETE` (`unsupported`), what the target says where it does not delete, and
 *   `ERR_DELETION_UNCONFIRMED` (`usage`) where nobody can be asked
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

/** @throws SpackOciError `ERR_CANNOT_DELETE` for a target that cannot */
export function requireDeleter<T extends Target>(target: T): T & Deleter {
  if (isDeleter(target)) return target as T & Deleter;
  throw new SpackOciError("ERR_CANNOT_DELETE", `Nothing can be deleted from ${target.name}.`, {
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
      hint: `Add "--yes" to delete them, or "--dry-run" to look first; there is no terminal to ask on.`,
    },
  );
}
