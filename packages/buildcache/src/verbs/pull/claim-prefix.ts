// Keeps a prefix to one installer at a time, by the rules of Spack's own.

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

/** What is at a prefix that nobody else changes meanwhile. */
export interface PrefixClaim {
  /**
   * `leftover` is a prefix of this spec without a record in the database: whoever wrote it was killed, and it may lack
   * anything.
   */
  readonly found: "nothing" | "installed" | "leftover";
  release(): Promise<void>;
}

/**
 * Tries to take the lock of a package's prefix, without waiting (Spack: installer.py, `PackageInstaller._install_task`).
 * Whoever installs what depends on a package only keeps a shared lock of it; there it is enough to see that it is
 * installed, unless it is to be installed again.
 *
 * @returns undefined while another process installs, removes or, where it is to be replaced, builds with the package
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
    const found = await look(store, item);
    const isEnough = exclusive !== undefined || (found === "installed" && !item.reinstall);
    if (isEnough) return { found, release: () => held.release() };
  } catch (error) {
    await held.release();
    throw error;
  }
  await held.release();
  return undefined;
}

/** The prefix alone proves nothing, because Spack writes it in place; the record comes when it is complete. */
async function look(store: Store, { node, prefix }: PullItem): Promise<PrefixClaim["found"]> {
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
