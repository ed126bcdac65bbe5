// Locks a prefix while it is written.

import { join } from "node:path";
import { type FileLocks, type HeldLock, type LockMode, prefixRange } from "../locks/locks.js";
import type { Store } from "./store.js";

/** How to lock a prefix. */
export interface PrefixLockOptions {
  readonly locks: FileLocks;
  /** Exclusive to write the prefix, shared to keep others from writing it. */
  readonly mode: LockMode;
  /** `config:package_lock_timeout`; waits indefinitely by default. */
  readonly timeoutSeconds?: number;
}

/**
 * Takes Spack's lock on the prefix of the spec with this hash (`SpecLocker` in `spack/database.py`).
 *
 * @throws SpackOciError `ERR_LOCK_TIMEOUT` (conflict), `ERR_LOCK_DENIED`
 */
export function acquirePrefixLock(store: Store, hash: string, options: PrefixLockOptions): Promise<HeldLock> {
  const path = join(store.databaseDirectory, "prefix_lock");
  const { locks, mode, timeoutSeconds } = options;
  return locks.acquire(path, { range: prefixRange(hash), mode, timeoutSeconds });
}
