// What the process's exit status says.

import type { ErrorKind } from "@spack-oci/errors";

/** 0 done, 1 failed, 2 wrong usage, 3 not in the buildcache, 4 denied, 5 corrupt, 6 unreachable or rate limited, 7 different, 130 interrupted. */
export const exitStatus = { done: 0, failed: 1, usage: 2, different: 7, interrupted: 130 } as const;

const statusOfKind: Record<ErrorKind, number> = {
  usage: exitStatus.usage,
  "not-found": 3,
  denied: 4,
  corrupt: 5,
  unreachable: 6,
  "rate-limited": 6,
  unsupported: exitStatus.failed,
  conflict: exitStatus.failed,
  failed: exitStatus.failed,
};

/** The status of one error. */
export function statusOf(kind: ErrorKind): number {
  return statusOfKind[kind];
}

/** The status of several errors: theirs where they agree, plain failure where they do not. */
export function statusOfAll(kinds: readonly ErrorKind[]): number {
  const statuses = new Set(kinds.map(statusOf));
  const [only] = statuses;
  if (only === undefined) return exitStatus.done;
  return statuses.size === 1 ? only : exitStatus.failed;
}
