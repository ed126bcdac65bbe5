// Locks on byte ranges of files, which coordinate processes that use the same store.

import { SpackOciError } from "@spack-oci/errors";
import { base32PrefixBits } from "@spack-oci/spack-spec";

/** Bytes of a lock file; a length of 0 extends to the end, even if the file grows. */
export interface LockRange {
  readonly start: bigint;
  readonly length: bigint;
}

/** Shared locks exclude exclusive ones, exclusive locks exclude all. */
export type LockMode = "shared" | "exclusive";

/** A lock, held until it is released. */
export interface HeldLock {
  release(): Promise<void>;
}

/** What to lock in a file, and how. */
export interface LockRequest {
  readonly range: LockRange;
  readonly mode: LockMode;
  /** How long to wait; indefinitely by default. */
  readonly timeoutSeconds?: number | undefined;
}

/** Locks files. */
export interface FileLocks {
  /** Whether Spack, too, respects these locks. */
  readonly honoredBySpack: boolean;
  /**
   * Waits for a lock. Creates the file if it does not exist, with Spack's permissions.
   *
   * @throws SpackOciError `ERR_LOCK_TIMEOUT` (conflict), or `ERR_LOCK_DENIED`
   */
  acquire(path: string, request: LockRequest): Promise<HeldLock>;
}

/** The whole of a file, as Spack locks `.spack-db/lock`. */
export const WHOLE_FILE: LockRange = { start: 0n, length: 0n };

/**
 * The byte of `prefix_lock` to lock for a spec: its offset is the first 63 bits of the hash (`SpecLocker` in
 * `spack/database.py`).
 */
export function prefixRange(hash: string): LockRange {
  return { start: base32PrefixBits(hash, 63), length: 1n };
}

const IN_USE = "Another Spack or spack-oci is using this store; try again when it is done.";

/** Waits for a lock, runs `work`, and releases the lock. */
export async function whileLocked<T>(acquired: Promise<HeldLock>, work: () => Promise<T>): Promise<T> {
  const held = await acquired;
  try {
    return await work();
  } finally {
    await held.release();
  }
}

/** The error of a lock that is held by others. */
export function lockTimeout(path: string, timeoutSeconds: number, hint = IN_USE): SpackOciError {
  return new SpackOciError("ERR_LOCK_TIMEOUT", `${path} is still locked after ${timeoutSeconds} seconds.`, {
    kind: "conflict",
    place: path,
    hint,
  });
}

/** The error of a lock file that cannot be opened or created. */
export function lockDenied(path: string, cause: unknown): SpackOciError {
  return new SpackOciError(
    "ERR_LOCK_DENIED",
    `Could not open ${path} for locking: ${(cause as Error).message}.`,
    {
      kind: "denied",
      place: path,
      hint: "The store is read-only or belongs to another user.",
      cause,
    },
  );
}
