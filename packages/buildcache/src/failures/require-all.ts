// Turns results in which something failed into an error, for callers who need all or nothing.

import { type ErrorKind, SpackOciError } from "@spack-oci/errors";

/** The result for a package or a tag, as verbs return it. */
export interface ItemResult {
  readonly outcome: string;
  readonly error?: SpackOciError;
  readonly package?: { readonly name: string; readonly version: string };
  readonly tag?: string;
}

/**
 * Checks that nothing failed or was skipped, which verbs report as data.
 *
 * @throws SpackOciError the error of the only one that failed, or `ERR_INCOMPLETE` with the common kind of several,
 *   which names them
 */
export function requireAll(results: readonly ItemResult[]): void {
  const failed = results.filter((result) => result.error !== undefined);
  const errors = failed.flatMap(({ error }) => error ?? []);
  const [first, ...others] = errors;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const kinds = new Set<ErrorKind>(errors.map(({ kind }) => kind));
  throw new SpackOciError(
    "ERR_INCOMPLETE",
    `${errors.length} of ${results.length} failed: ${failed.map(nameOf).join(", ")}.`,
    {
      kind: kinds.size === 1 ? first.kind : "failed",
      place: first.place,
      cause: first,
      hint: "Each result has its own error; what succeeded is complete.",
    },
  );
}

function nameOf({ package: item, tag = "" }: ItemResult): string {
  return item === undefined ? tag : `${item.name}@${item.version}`;
}
