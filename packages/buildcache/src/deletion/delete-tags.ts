// Deletes tags that the package index no longer lists.

import type { SpackOciError } from "@spack-oci/errors";
import type { Deleter } from "@spack-oci/oci-client";
import { asSpackOciError } from "../failures/failure.js";
import type { Run } from "../schedule/run.js";

/** The outcome of a deletion. */
export interface DeletedTags {
  readonly deleted: readonly string[];
  readonly failed: readonly { readonly tag: string; readonly error: SpackOciError }[];
}

/** The outcome if there is nothing to delete. */
export const NOTHING_DELETED: DeletedTags = { deleted: [], failed: [] };

/** @param tags in the order of deletion */
export async function deleteTags(
  target: Deleter,
  tags: readonly string[],
  { listener, signal }: Run,
): Promise<DeletedTags> {
  const deletions = await target.deleteTags(tags, {
    signal,
    onDeleted: ({ tag, error }) => {
      if (error === undefined) listener?.({ type: "deleted", tag });
      else
        listener?.({
          type: "warning",
          message: `Could not delete ${tag}: ${asSpackOciError(error).message}`,
        });
    },
  });
  return {
    deleted: deletions.flatMap(({ tag, error }) => (error === undefined ? [tag] : [])),
    failed: deletions.flatMap(({ tag, error }) =>
      error === undefined ? [] : [{ tag, error: asSpackOciError(error) }],
    ),
  };
}
