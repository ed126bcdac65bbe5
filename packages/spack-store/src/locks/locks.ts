// Locks on byte ranges of files, which coordinate processes that use the same store.

import { SpackOciError } from "@spack-oci/errors";
import { base32PrefixBits } from "@spack-oci/spack-spec";

/** Bytes of a lock file; a length of 0 extends to the end, even if the file grows. */
export interface LockRange {
  readonly start: number;
  readonly length: number;
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
  /** Whether other processes respect these locks; if not, they only apply within this process. */
  readonly crossProcess: boolean;
  /**
   * Waits for a lock. Creates the file if it does not exist, with Spack's permissions.
   *
   * @throws SpackOciError `ERR_LOCK_TIMEOUT` (conflict), or `ERR_LOCK_DENIED`
   */
  acquire(path: string, request: LockRequest): Promise<HeldLock>;
}

/** The whole of a file, as Spack locks `.spack-db/lock`. */
export const WHOLE_FILE: LockRange = { start: 0, length: 0 };

const BLOCK_SIZE = 1024n;
const END_OF_FILE = 2n ** 63n - 1n;

/**
 * The bytes of `prefix_lock` to lock for a spec. Spack locks the byte at the first 63 bits of the hash (`SpecLocker` in
 * `spack/database.py`), an offset that a JavaScript number cannot represent; the surrounding 1024 bytes are exact, and
 * will not include another hash of the store.
 */
export function prefixRange(hash: string): LockRange {
  const offset = base32PrefixBits(hash, 63);
  const start = offset - (offset % BLOCK_SIZE);
  const length = start + BLOCK_SIZE > END_OF_FILE ? END_OF_FILE - start : BLOCK_SIZE;
  return { start: Number(start), length: Number(length) };
}

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
export function lockTimeout(path: string, timeoutSeconds: number): SpackOciError {
  return new SpackOciError("ERR_LOCK_TIMEOUT", `${path} is still locked after ${timeoutSeconds} seconds.`, {
    kind: "conflict",
    place: path,
    hint: "Another Spack or spack-oci is using this store; try again when it is done.",
  });
}
