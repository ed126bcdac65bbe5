// The install database on disk: reads it, and changes it as a Spack of the same store would.

import { readFile } from "node:fs/promises";
import { parseDatabase } from "../database/read-database.js";
import { databaseOf, type InstallDatabase } from "../database/record.js";
import { checkDatabaseVersion } from "../database/writable.js";
import { type DatabaseLockOptions, withDatabaseLock } from "./database-lock.js";
import { databaseDenied, indexPath, replaceDatabase } from "./replace-database.js";
import type { Store } from "./store.js";

/**
 * Reads `.spack-db/index.json`; a store without one has an empty database. No lock is needed, because the file is only
 * ever replaced as a whole.
 *
 * @throws SpackOciError `ERR_DATABASE_CORRUPT`, `ERR_DATABASE_VERSION`, or `ERR_DATABASE_DENIED`
 */
export async function readInstallDatabase(store: Store): Promise<InstallDatabase> {
  const path = indexPath(store);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return databaseOf(new Map());
    throw databaseDenied(path, "read", error);
  }
  return parseDatabase(text, path);
}

/**
 * Changes the database under its exclusive lock: reads it, lets `change` make a new one, and replaces the file
 * (`Database._write` in `spack/database.py`). The directory and its lock files are made if need be. A database of
 * version 7 stays one; a new one gets version 8.
 *
 * @throws SpackOciError as {@link readInstallDatabase} and `FileLocks.acquire` do; `ERR_DATABASE_VERSION` also if the
 *   database has an older version than 7, and `ERR_DATABASE_TOO_OLD` if `change` adds a spec that version 7 cannot
 *   hold; both leave the database as it is
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
