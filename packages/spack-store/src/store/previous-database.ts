// Reads the database that a reindex is to replace, as far as it is worth something, and refuses to replace a newer one.

import { readFile } from "node:fs/promises";
import { isSpackOciError } from "@spack-oci/errors";
import { parseDatabase } from "../database/read-database.js";
import { isNewerIndex } from "../database/read-installs.js";
import type { InstallDatabase } from "../database/record.js";
import { databaseDenied, indexPath } from "./replace-database.js";
import type { Store } from "./store.js";

/** What there was before. */
export interface PreviousDatabase {
  /** Whether there was a file. */
  readonly exists: boolean;
  /** Its content, if it is whole and of a version whose records a reindex takes over. */
  readonly database?: InstallDatabase;
}

/** The oldest version whose records are taken over (`_REINDEX_NOT_NEEDED_ON_READ` in `spack/database.py`). */
const MIN_VERSION = 6;

/**
 * Reads `index.json` as `Database.reindex` of `spack/database.py` does: one that is damaged, or older than version 6,
 * counts as empty.
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
    throw databaseDenied(path, "read", error);
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
