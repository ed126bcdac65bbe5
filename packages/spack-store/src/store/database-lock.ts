// Locks the install database of a store while it is changed.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectories } from "@spack-oci/files";
import { type FileLocks, WHOLE_FILE, whileLocked } from "../locks/locks.js";
import { databaseError } from "./replace-database.js";
import type { Store } from "./store.js";

/** `db_lock_timeout` of Spack's default configuration. */
const DEFAULT_TIMEOUT_SECONDS = 60;

/** The files that Spack locks. They stay empty. */
const LOCK_FILES = ["lock", "prefix_lock", "prefix_failures"];

/** How to lock the database. */
export interface DatabaseLockOptions {
  readonly locks: FileLocks;
  /** `config:db_lock_timeout`; 60 by default. */
  readonly timeoutSeconds?: number;
}

/**
 * Runs `work` under the exclusive lock of the database. Creates the directory and its lock files if necessary.
 *
 * @throws SpackOciError `ERR_DATABASE_DENIED` if they cannot be created, like `FileLocks.acquire`, and what `work`
 *   throws
 */
export async function withDatabaseLock<T>(
  store: Store,
  options: DatabaseLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await makeDatabaseDirectory(store);
  const lock = join(store.databaseDirectory, "lock");
  const { locks, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options;
  return whileLocked(locks.acquire(lock, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds }), work);
}

async function makeDatabaseDirectory(store: Store): Promise<void> {
  try {
    await makeDirectories(join(store.databaseDirectory, "failures"));
    for (const name of LOCK_FILES) await makeLockFile(join(store.databaseDirectory, name));
  } catch (error) {
    throw databaseError(store.databaseDirectory, "create", error);
  }
}

/** Does not open an existing file: closing it would drop this process's locks on it. */
async function makeLockFile(path: string): Promise<void> {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o777);
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
