// Reads the database before a reindex, which must not replace a newer one.

import { readFile } from "node:fs/promises";
import { isSpackOciError } from "@spack-oci/errors";
import { parseDatabase } from "../database/read-database.js";
import { isNewerIndex } from "../database/read-installs.js";
import type { InstallDatabase } from "../database/record.js";
import { databaseError, indexPath } from "./replace-database.js";
import type { Store } from "./store.js";

/** The database before a reindex. */
export interface PreviousDatabase {
  /** Whether the file exists. */
  readonly exists: boolean;
  /** Its content, if it is valid and recent enough for its records to be used. */
  readonly database?: InstallDatabase;
}

/** The oldest version whose records are used (`_REINDEX_NOT_NEEDED_ON_READ` in `spack/database.py`). */
const MIN_VERSION = 6;

/**
 * Reads `index.json` as `Database.reindex` of `spack/database.py` does: a damaged database, or one older than version
 * 6, counts as empty.
 *
 * @throws SpackOciError `ERR_DATABASE_VERSION` if a newer Spack wrote it, `ERR_DATABASE_DENIED`
 */
export async function readPreviousDatabase(store: Store): Promise<PreviousDatabase> {
  const path = indexPath(store);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { exists: false };
    throw databaseError(path, "read", error);
  }
  try {
    const database = parseDatabase(text, path);
    return database.version >= MIN_VERSION ? { exists: true, database } : { exists: true };
  } catch (error) {
    if (!isSpackOciError(error)) throw error;
    const isOld = error.code === "ERR_DATABASE_VERSION" && !isNewerIndex(text, path);
    if (isOld || error.code === "ERR_DATABASE_CORRUPT") return { exists: true };
    throw error;
  }
}
