// Puts a new install database in the place of the old one, so that running Spacks see either of them, and then the new.

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
 * Writes a temporary file, renames it, and tells running Spacks by a new `index_verifier` (`Database._write` in
 * `spack/database.py`). Only for whoever holds the database's lock.
 *
 * @throws SpackOciError `ERR_DATABASE_DENIED`, and those of `formatDatabase` before anything is written
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
    throw databaseDenied(path, "written", error);
  }
}

/** The error of a database, or a file beside it, that cannot be `what` (read, written, made). */
export function databaseDenied(path: string, what: string, cause: unknown): SpackOciError {
  return new SpackOciError("ERR_DATABASE_DENIED", `${path} cannot be ${what}: ${(cause as Error).message}`, {
    kind: "denied",
    place: path,
    hint: "Run as a user who may write to the store.",
    cause,
  });
}
