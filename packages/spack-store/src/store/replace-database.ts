// Replaces the install database atomically, and notifies running Spacks.

import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
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
 * @throws SpackOciError `ERR_DATABASE_DENIED`, and the errors of `formatDatabase` before anything is written
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
    throw databaseDenied(path, "write", error);
  }
}

/** The error of a database or a file next to it that cannot be accessed; `what` is read, write or create. */
export function databaseDenied(path: string, what: string, cause: unknown): SpackOciError {
  return new SpackOciError("ERR_DATABASE_DENIED", `Could not ${what} ${path}: ${(cause as Error).message}.`, {
    kind: "denied",
    place: path,
    hint: "Run as a user with write permission for the store.",
    cause,
  });
}
