// Locks on byte ranges of files, by which processes that work on one store stay out of each other's way.

import { SpackOciError } from "@spack-oci/errors";
import { base32PrefixBits } from "@spack-oci/spack-spec";

/** Bytes of a lock file; a length of 0 means to the end, however long the file gets. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** Shared locks exclude exclusive ones, exclusive locks exclude all. */
export type LockMode = "shared" | "exclusive";

/** A lock that is held until it is released. */
export interface HeldLock {
  release(): Promise<void>;
}

/** Hands out locks on files. */
export interface FileLocks {
  /** Whether other processes respect these locks; if not, they hold within this process only. */
  readonly crossProcess: boolean;
  /**
   * Waits for a lock. The file is made if it does not exist, open to all, as Spack makes it.
   *
   * @param timeoutSeconds how long to wait; without it, for as long as it takes
   * @throws SpackOciError `ERR_LOCK_TIMEOUT` (conflict), or `ERR_LOCK_DENIED`
   */
  acquire(path: string, range: ByteRange, mode: LockMode, timeoutSeconds?: number): Promise<HeldLock>;
}

/** The whole of a file, as Spack locks `.spack-db/lock`. */
export const wholeFile: ByteRange = { start: 0, length: 0 };

const blockSize = 1024n;
const endOfFile = 2n ** 63n - 1n;

/**
 * The bytes of `prefix_lock` to lock for a spec. Spack locks the one byte at the first 63 bits of the hash
 * (`SpecLocker` in `spack/database.py`), which a JavaScript number cannot hold; the 1024 bytes around it are exact, and
 * no other hash of a store will be among them.
 */
export function prefixRange(hash: string): ByteRange {
  const offset = base32PrefixBits(hash, 63);
  const start = offset - (offset % blockSize);
  const length = start + blockSize > endOfFile ? endOfFile - start : blockSize;
  return { start: Number(start), length: Number(length) };
}

/** Runs `work` while holding a lock. */
export async function withLock<T>(
  locks: FileLocks,
  path: string,
  range: ByteRange,
  mode: LockMode,
  timeoutSeconds: number | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const held = await locks.acquire(path, range, mode, timeoutSeconds);
  try {
    return await work();
  } finally {
    await held.release();
  }
}

/** The error of a lock that others keep. */
export function lockTimeout(path: string, timeoutSeconds: number): SpackOciError {
  return new SpackOciError("ERR_LOCK_TIMEOUT", `${path} is still locked after ${timeoutSeconds} seconds`, {
    kind: "conflict",
    place: path,
    hint: "Another Spack or spack-oci works on this store; try again when it is done.",
  });
}
