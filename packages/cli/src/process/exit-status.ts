// Exit statuses and their meaning.

import type { ErrorKind } from "@spack-oci/errors";

/**
 * Statuses that do not follow from a kind of error. In full: 0 success, 1 failure, 2 usage error, 3 not found, 4 access
 * denied, 5 corrupt data, 6 unreachable or rate limited, 7 different, 8 untrusted, 130 interrupted.
 */
export const EXIT_STATUS = { done: 0, failed: 1, usage: 2, different: 7, interrupted: 130 } as const;

const STATUS_OF_KIND: Record<ErrorKind, number> = {
  usage: EXIT_STATUS.usage,
  "not-found": 3,
  denied: 4,
  corrupt: 5,
  untrusted: 8,
  unreachable: 6,
  "rate-limited": 6,
  unsupported: EXIT_STATUS.failed,
  conflict: EXIT_STATUS.failed,
  failed: EXIT_STATUS.failed,
};

/** The exit status of one error. */
export function statusOf(kind: ErrorKind): number {
  return STATUS_OF_KIND[kind];
}

/** The exit status of several errors: their common status, or plain failure if they differ. */
export function statusOfAll(errors: readonly { readonly kind: ErrorKind }[]): number {
  const statuses = new Set(errors.map(({ kind }) => statusOf(kind)));
  const [only] = statuses;
  if (only === undefined) return EXIT_STATUS.done;
  return statuses.size === 1 ? only : EXIT_STATUS.failed;
}
