// Claims a prefix for one installer at a time, by Spack's own rules.

import { isSpackOciError } from "@spack-oci/errors";
import {
  acquirePrefixLock,
  type FileLocks,
  type HeldLock,
  isInstalled,
  type LockMode,
  readInstallDatabase,
  type Store,
} from "@spack-oci/spack-store";
import type { PullItem } from "./plan-pull.js";

/** The state of a prefix that no other installer changes meanwhile. */
export interface PrefixClaim {
  /**
   * `leftover` is a prefix of this spec without a record in the database: its installer was killed, and it may be
   * incomplete.
   */
  readonly found: "nothing" | "installed" | "leftover";
  release(): Promise<void>;
}

/**
 * Tries to lock a package's prefix, without waiting (Spack: installer.py, `PackageInstaller._install_task`).
 * Installers of dependents hold only a shared lock; then it is enough to see that the package is installed, unless it
 * is to be reinstalled.
 *
 * @returns undefined while another process installs or removes the package, or uses one that is to be reinstalled
 * @throws SpackOciError `ERR_LOCK_DENIED`, and as `readInstallDatabase` does
 */
export async function claimPrefix(
  store: Store,
  item: PullItem,
  locks: FileLocks,
): Promise<PrefixClaim | undefined> {
  const exclusive = await tryLock(store, item, { locks, mode: "exclusive" });
  const held = exclusive ?? (await tryLock(store, item, { locks, mode: "shared" }));
  if (held === undefined) return undefined;
  try {
    const found = await inspect(store, item);
    const isEnough = exclusive !== undefined || (found === "installed" && !item.reinstall);
    if (isEnough) return { found, release: () => held.release() };
  } catch (error) {
    await held.release();
    throw error;
  }
  await held.release();
  return undefined;
}

/** A prefix alone proves nothing, because Spack writes it in place; its record follows once it is complete. */
async function inspect(store: Store, { node, prefix }: PullItem): Promise<PrefixClaim["found"]> {
  if (!(await isInstalled(prefix, node.hash))) return "nothing";
  const { records } = await readInstallDatabase(store);
  return records.get(node.hash)?.installed === true ? "installed" : "leftover";
}

async function tryLock(
  store: Store,
  item: PullItem,
  lock: { readonly locks: FileLocks; readonly mode: LockMode },
): Promise<HeldLock | undefined> {
  try {
    return await acquirePrefixLock(store, item.node.hash, { ...lock, timeoutSeconds: 0 });
  } catch (error) {
    if (isSpackOciError(error) && error.code === "ERR_LOCK_TIMEOUT") return undefined;
    throw error;
  }
}
