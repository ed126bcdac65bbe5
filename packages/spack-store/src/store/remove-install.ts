// Removes one installed package from a store: its prefix, then its record.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { installedDependents } from "../database/installed-dependents.js";
import type { InstallDatabase, InstallRecord } from "../database/record.js";
import { removeRecord } from "../database/remove-record.js";
import { type HeldLock, lockTimeout } from "../locks/locks.js";
import type { DatabaseLockOptions } from "./database-lock.js";
import { acquirePrefixLock } from "./prefix-lock.js";
import { RememberedDatabase } from "./remembered-database.js";
import { isPresent, removeDeprecatedLink, removePrefix } from "./remove-prefix.js";
import type { Store } from "./store.js";

/** How long to wait for a lock before looking at the signal. */
const TURN_SECONDS = 1;

/** How to remove a package. */
export interface RemovalOptions extends DatabaseLockOptions {
  /** The database, if several packages are removed. */
  readonly database?: RememberedDatabase;
  /** Seconds to wait for the lock on the prefix (`config:package_lock_timeout`); no limit if undefined. */
  readonly packageTimeoutSeconds?: number | undefined;
  /** Whether to remove it even if installed packages need it. */
  readonly force?: boolean;
  /** Called if another process installs, uses or removes the package. */
  readonly onWait?: () => void;
  /** Ends the wait for the lock; a removal that has started is completed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called under the lock, with a database that may still have records which `database` has removed since it was last
   * read: always the same one, unless another process has changed it. False leaves the package alone. By default, every
   * package is removed.
   */
  readonly mayRemove?: (database: InstallDatabase) => boolean;
}

/**
 * How a removal ended: `forgotten` if only the record was left to remove, `absent` if another process was faster, and
 * `kept` if the package may not be removed any more.
 */
export type RemovalOutcome = "removed" | "forgotten" | "absent" | "kept";

/**
 * Removes a package under Spack's exclusive lock on its prefix: first the prefix, then the record
 * (`PackageBase.uninstall_by_spec` in `spack/package_base.py`). If it is interrupted in between, the record remains,
 * and another removal, by Spack as well, completes the work. The files of an external are not touched.
 *
 * @throws SpackOciError `ERR_PACKAGE_NEEDED` (`conflict`) if installed packages need it at run time, the errors of
 *   `acquirePrefixLock`, of `removePrefix`, and of `updateInstallDatabase`; the record is unchanged then
 */
export async function removeInstall(
  store: Store,
  hash: string,
  options: RemovalOptions,
): Promise<RemovalOutcome> {
  const remembered = options.database ?? new RememberedDatabase(store);
  const lock = await lockPrefix(store, hash, options);
  try {
    const database = await remembered.read();
    const record = database.records.get(hash);
    if (record === undefined || !(record.installed || record.deprecatedFor !== null)) return "absent";
    if (options.mayRemove?.(remembered.lastRead ?? database) === false) return "kept";
    const found = record.path !== null && (await isPresent(record.path));
    // As in Spack, a record whose prefix is gone may go, whatever depends on it.
    if (found && options.force !== true) requireUnneeded(database, record);
    const { spec, path } = record;
    if (spec.external === undefined && path !== null) {
      if (!record.installed) await removeDeprecatedLink(store, path, spec);
      else if (found) await removePrefix(store, path, database);
    }
    await remembered.update(options, (current) => removeRecord(current, hash));
    return found ? "removed" : "forgotten";
  } finally {
    await lock.release();
  }
}

/** Waits in short turns, between which the signal can end it. */
async function lockPrefix(store: Store, hash: string, options: RemovalOptions): Promise<HeldLock> {
  const { locks, packageTimeoutSeconds: limit = Number.POSITIVE_INFINITY, onWait, signal } = options;
  let waited = 0;
  for (let turn = 0; ; turn = Math.min(TURN_SECONDS, limit - waited)) {
    signal?.throwIfAborted();
    try {
      return await acquirePrefixLock(store, hash, { locks, mode: "exclusive", timeoutSeconds: turn });
    } catch (error) {
      if (!isSpackOciError(error) || error.code !== "ERR_LOCK_TIMEOUT") throw error;
      waited += turn;
      if (waited >= limit) throw lockTimeout(error.place ?? store.databaseDirectory, limit);
      if (turn === 0) onWait?.();
    }
  }
}

/** A deprecated package is only a link, which nothing needs. */
function requireUnneeded(database: InstallDatabase, { spec, installed }: InstallRecord): void {
  const dependents = installed ? installedDependents(database, [spec.hash]) : [];
  if (dependents.length === 0) return;
  const names = dependents.map(({ spec: each }) => `${each.name}@${each.version}/${each.hash.slice(0, 7)}`);
  throw new SpackOciError(
    "ERR_PACKAGE_NEEDED",
    `${spec.name}@${spec.version}/${spec.hash.slice(0, 7)} is needed by ${names.join(", ")}.`,
    {
      kind: "conflict",
      place: database.records.get(spec.hash)?.path ?? undefined,
      hint: "Uninstall these first, or use `spack-oci uninstall --dependents`.",
    },
  );
}
