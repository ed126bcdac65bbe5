// Replaces the install database atomically, and notifies running Spacks.

import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isDenial, isSystemError, reasonOf, SpackOciError } from "@spack-oci/errors";
import { formatDatabase } from "../database/format-database.js";
import type { InstallDatabase } from "../database/record.js";
import type { Store } from "./store.js";

/** `.spack-db/index.json`. */
export function indexPath(store: Store): string {
  return join(store.databaseDirectory, "index.json");
}

/**
 * Writes a temporary file, renames it, and notifies running Spacks by a new `index_verifier` (`Database._write` in
 * `spack/database.py`). The caller must hold the database's lock.
 *
 * @throws SpackOciError `ERR_DATABASE_DENIED`, `ERR_DATABASE_FILE`, and the errors of `formatDatabase` before anything
 *   is written
 */
export async function replaceDatabase(store: Store, database: InstallDatabase): Promise<void> {
  const path = indexPath(store);
  const text = formatDatabase(database, path);
  const temporary = `${path}.${hostname()}.${process.pid}.temp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
    await writeFile(join(store.databaseDirectory, "index_verifier"), randomUUID());
  } catch (error) {
    await rm(temporary, { force: true });
    throw databaseError(path, "write", error);
  }
}

/**
 * The error of a database or a file next to it that cannot be accessed; anything but a system error is passed on.
 *
 * @param what read, write or create
 */
export function databaseError(path: string, what: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  const isDenied = isDenial(cause);
  const code = isDenied ? "ERR_DATABASE_DENIED" : "ERR_DATABASE_FILE";
  return new SpackOciError(code, `Could not ${what} ${path}: ${reasonOf(cause)}.`, {
    kind: isDenied ? "denied" : "failed",
    place: path,
    hint: isDenied
      ? "Run as a user with write permission for the store."
      : "Check the file system of the store, then run the same command again.",
    cause,
  });
}
