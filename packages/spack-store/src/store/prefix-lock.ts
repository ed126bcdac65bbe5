// Keeps other installers away from one prefix while it is written.

import { join } from "node:path";
import { type FileLocks, type HeldLock, type LockMode, prefixRange } from "../locks/locks.js";
import type { Store } from "./store.js";

/** How {@link acquirePrefixLock} locks. */
export interface PrefixLockOptions {
  readonly locks: FileLocks;
  /** Exclusive for whoever writes the prefix, shared for whoever only needs it to stay. */
  readonly mode: LockMode;
  /** `config:package_lock_timeout`; without it, waits for as long as it takes. */
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
