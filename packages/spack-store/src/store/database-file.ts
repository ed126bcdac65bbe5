// Reads and updates the install database on disk, like Spack.

import { readFile } from "node:fs/promises";
import { parseDatabase } from "../database/read-database.js";
import { databaseOf, type InstallDatabase } from "../database/record.js";
import { checkDatabaseVersion } from "../database/writable.js";
import { type DatabaseLockOptions, withDatabaseLock } from "./database-lock.js";
import { databaseError, indexPath, replaceDatabase } from "./replace-database.js";
import type { Store } from "./store.js";

/**
 * Reads `.spack-db/index.json`; a store without one has an empty database. No lock is needed, because the file is
 * always replaced as a whole.
 *
 * @throws SpackOciError `ERR_DATABASE_CORRUPT`, `ERR_DATABASE_VERSION`, `ERR_DATABASE_DENIED`, or `ERR_DATABASE_FILE`
 */
export async function readInstallDatabase(store: Store): Promise<InstallDatabase> {
  const path = indexPath(store);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return databaseOf(new Map());
    throw databaseError(path, "read", error);
  }
  return parseDatabase(text, path);
}

/**
 * Updates the database under its exclusive lock: reads it, applies `change`, and replaces the file (`Database._write`
 * in `spack/database.py`). Creates the directory and its lock files if necessary. A database of version 7 keeps its
 * version; a new one has version 8.
 *
 * @throws SpackOciError like {@link readInstallDatabase} and `FileLocks.acquire`; `ERR_DATABASE_VERSION` also if the
 *   database is older than version 7, and `ERR_DATABASE_TOO_OLD` if `change` adds a spec that version 7 does not
 *   support; both leave the database unchanged
 */
export async function updateInstallDatabase(
  store: Store,
  options: DatabaseLockOptions,
  change: (database: InstallDatabase) => InstallDatabase | Promise<InstallDatabase>,
): Promise<InstallDatabase> {
  return withDatabaseLock(store, options, async () => {
    const database = await readInstallDatabase(store);
    checkDatabaseVersion(database.version, indexPath(store));
    const changed = await change(database);
    await replaceDatabase(store, changed);
    return changed;
  });
}
