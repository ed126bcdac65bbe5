// Rebuilds the install database of a store from the installed packages.

import { copyFile } from "node:fs/promises";
import { rebuildRecords } from "../database/rebuild-records.js";
import type { InstallDatabase, InstallRecord } from "../database/record.js";
import { readInstallDatabase } from "./database-file.js";
import { type DatabaseLockOptions, withDatabaseLock } from "./database-lock.js";
import { findDeprecated } from "./find-deprecated.js";
import { findPrefixes } from "./find-prefixes.js";
import { readPreviousDatabase } from "./previous-database.js";
import { databaseError, indexPath, replaceDatabase } from "./replace-database.js";
import { SpecFiles, type UnreadableFile } from "./spec-files.js";
import type { Store } from "./store.js";

/** How to reindex a store. */
export interface ReindexOptions extends DatabaseLockOptions {
  /** Stores whose packages do not need a record; they are only read. */
  readonly upstreams?: readonly Store[];
}

/** The result of {@link reindexStore}. */
export interface ReindexResult {
  /** The new database, of version 8. */
  readonly database: InstallDatabase;
  /** The records of all packages below the root. */
  readonly found: readonly InstallRecord[];
  /** Those that were not in the database before, or not installed. */
  readonly added: readonly InstallRecord[];
  /** Packages that were recorded as installed, but are not. */
  readonly missing: readonly InstallRecord[];
  /** Unreadable specs and directories, whose packages may lack a record. */
  readonly unreadable: readonly UnreadableFile[];
  /** The version of the previous database; undefined if there was no usable one. */
  readonly previousVersion: number | undefined;
  /** The path of a copy of the replaced file; undefined if there was none. */
  readonly backup: string | undefined;
}

/**
 * Rebuilds `.spack-db/index.json` from the specs in all prefixes below the root, as `spack reindex` does
 * (`Database.reindex` in `spack/database.py`, `spack/cmd/reindex.py`), under the database's exclusive lock. A damaged
 * or older database is replaced, so that Spack before 1.0 cannot read it any more; the old file is kept as
 * `index.json.bkp`.
 *
 * @throws SpackOciError `ERR_DATABASE_VERSION` if the database was written by a newer Spack and is left unchanged;
 *   `ERR_DATABASE_DENIED`; the errors of `FileLocks.acquire`, and of `readInstallDatabase` for upstreams
 */
export async function reindexStore(store: Store, options: ReindexOptions): Promise<ReindexResult> {
  return withDatabaseLock(store, options, async () => {
    const { exists, database: previous } = await readPreviousDatabase(store);
    const files = new SpecFiles();
    const prefixes = await findPrefixes(store.root, files);
    const deprecated = await findDeprecated(prefixes, files);
    const database = rebuildRecords({
      prefixes,
      deprecated,
      graph: files.graph,
      ...(previous && { previous }),
      upstreamHashes: await hashesOf(options.upstreams ?? []),
      time: Date.now() / 1000,
    });
    const backup = exists ? await keepCopy(indexPath(store)) : undefined;
    await replaceDatabase(store, database);

    const hashes = new Set(prefixes.map(({ spec }) => spec.hash));
    const found = [...database.records.values()].filter(({ spec }) => hashes.has(spec.hash));
    const wasInstalled = (hash: string) => previous?.records.get(hash)?.installed === true;
    return {
      database,
      found,
      added: found.filter(({ spec }) => !wasInstalled(spec.hash)),
      missing: [...database.records.values()].filter((record) => {
        return !record.installed && wasInstalled(record.spec.hash);
      }),
      unreadable: files.unreadable,
      previousVersion: previous?.version,
      backup,
    };
  });
}

async function hashesOf(upstreams: readonly Store[]): Promise<ReadonlySet<string>> {
  const databases = await Promise.all(upstreams.map((upstream) => readInstallDatabase(upstream)));
  return new Set(databases.flatMap((database) => [...database.records.keys()]));
}

async function keepCopy(path: string): Promise<string> {
  const copy = `${path}.bkp`;
  try {
    await copyFile(path, copy);
    return copy;
  } catch (error) {
    throw databaseError(copy, "write", error);
  }
}
