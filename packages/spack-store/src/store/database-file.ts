// The install database on disk: reads it, and changes it as a Spack of the same store would.
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { formatDatabase } from "../database/format-database.js";
import { parseDatabase } from "../database/read-database.js";
import { databaseOf, type InstallDatabase } from "../database/record.js";
import { type FileLocks, wholeFile, withLock } from "./locks.js";
import type { Store } from "./store.js";

/** `db_lock_timeout` of Spack's default configuration. */
const defaultTimeoutSeconds = 60;

/** The files that Spack locks. Nothing is ever written to them. */
const lockFiles = ["lock", "prefix_lock", "prefix_failures"];

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
    throw denied(path, "read", error);
  }
  return parseDatabase(text, path);
}

/** How {@link updateInstallDatabase} waits for others. */
export interface UpdateOptions {
  readonly locks: FileLocks;
  /** `config:db_lock_timeout`; 60 by default. */
  readonly timeoutSeconds?: number;
}

/**
 * Changes the database under its exclusive lock: reads it, lets `change` make a new one, and replaces the file
 * (`Database._write` in `spack/database.py`). The directory and its lock files are made if need be.
 *
 * @throws SpackOciError as {@link readInstallDatabase} and `FileLocks.acquire` do; `ERR_DATABASE_VERSION` also if the
 *   database has an older version than 8, which is left as it is
 */
export async function updateInstallDatabase(
  store: Store,
  options: UpdateOptions,
  change: (database: InstallDatabase) => InstallDatabase | Promise<InstallDatabase>,
): Promise<InstallDatabase> {
  await makeDatabaseDirectory(store);
  const timeout = options.timeoutSeconds ?? defaultTimeoutSeconds;
  const lock = join(store.databaseDirectory, "lock");
  return withLock(options.locks, lock, wholeFile, "exclusive", timeout, async () => {
    const changed = await change(await readInstallDatabase(store));
    await writeDatabase(store, changed);
    return changed;
  });
}

async function writeDatabase(store: Store, database: InstallDatabase): Promise<void> {
  const path = indexPath(store);
  const text = formatDatabase(database, path);
  const temporary = `${path}.${hostname()}.${process.pid}.temp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
    // Running Spacks read the database again when this text has changed.
    await writeFile(join(store.databaseDirectory, "index_verifier"), randomUUID());
  } catch (error) {
    await rm(temporary, { force: true });
    throw denied(path, "written", error);
  }
}

async function makeDatabaseDirectory(store: Store): Promise<void> {
  try {
    await mkdir(join(store.databaseDirectory, "failures"), { recursive: true });
    for (const name of lockFiles) await makeLockFile(join(store.databaseDirectory, name));
  } catch (error) {
    throw denied(store.databaseDirectory, "made", error);
  }
}

/** Does not open a file that exists: closing it again would drop this process's locks on it. */
async function makeLockFile(path: string): Promise<void> {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o777);
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function indexPath(store: Store): string {
  return join(store.databaseDirectory, "index.json");
}

function denied(path: string, what: string, cause: unknown): SpackOciError {
  return new SpackOciError("ERR_DATABASE_DENIED", `${path} cannot be ${what}: ${(cause as Error).message}`, {
    kind: "denied",
    place: path,
    hint: "Run as a user who may write to the store.",
    cause,
  });
}
