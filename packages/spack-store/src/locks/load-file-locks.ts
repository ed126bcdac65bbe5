// Chooses the locks of this process: those that Spack respects, if the native code for them is available.

import type { FileLocks } from "./locks.js";
import { PosixLocks } from "./posix-locks.js";
import { ProcessLocks } from "./process-locks.js";
import { loadRecordLocks } from "./record-locks.js";
import { type LockHeldElsewhere, SymlinkLocks } from "./symlink-locks.js";

/** Spack does not notice that this process works on a store. */
export interface LocksUnavailable {
  readonly type: "locks-unavailable";
  readonly reason: string;
  /** Whether other processes of spack-oci notice it, if the same is true of them. */
  readonly amongOurselves: boolean;
}

/**
 * Locks that Spack respects. Without native code for them, locks that only other processes of spack-oci without native
 * code respect; if locks are disabled, locks within this process. In both cases, an event `locks-unavailable` at each
 * call.
 *
 * @param enabled Spack's `config:locks`: false for file systems that do not support locks
 */
export async function loadFileLocks(
  listener: (event: LocksUnavailable | LockHeldElsewhere) => void = () => undefined,
  enabled = true,
): Promise<FileLocks> {
  if (!enabled) {
    listener({ type: "locks-unavailable", reason: "config:locks is false.", amongOurselves: false });
    return within;
  }
  loaded ??= load();
  const { locks, reason } = loaded;
  if (locks !== undefined) return locks;
  listener({ type: "locks-unavailable", reason, amongOurselves: true });
  return new SymlinkLocks(within, listener);
}

const within = new ProcessLocks();

type Loaded =
  | { readonly locks: FileLocks; readonly reason?: never }
  | { readonly locks?: never; readonly reason: string };

let loaded: Loaded | undefined;

function load(): Loaded {
  try {
    return { locks: new PosixLocks(loadRecordLocks()) };
  } catch (error) {
    // Node appends a list of modules.
    return { reason: (error as Error).message.split("\n", 1).join() };
  }
}
