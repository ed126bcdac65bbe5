// Rebuilds the install database of a store from the packages that are really there.

import { copyFile } from "node:fs/promises";
import { rebuildRecords } from "../database/rebuild-records.js";
import type { InstallDatabase, InstallRecord } from "../database/record.js";
import { readInstallDatabase } from "./database-file.js";
import { type DatabaseLockOptions, withDatabaseLock } from "./database-lock.js";
import { findDeprecated } from "./find-deprecated.js";
import { findPrefixes } from "./find-prefixes.js";
import { readPreviousDatabase } from "./previous-database.js";
import { databaseDenied, indexPath, replaceDatabase } from "./replace-database.js";
import { SpecFiles, type UnreadableFile } from "./spec-files.js";
import type { Store } from "./store.js";

/** How {@link reindexStore} works. */
export interface ReindexOptions extends DatabaseLockOptions {
  /** Stores whose packages need no record here; they are only read. */
  readonly upstreams?: readonly Store[];
}

/** What {@link reindexStore} did. */
export interface ReindexResult {
  /** The database as it is now, of version 8. */
  readonly database: InstallDatabase;
  /** The records of all packages below the root. */
  readonly found: readonly InstallRecord[];
  /** Those of them that the database did not have before, or had as not installed. */
  readonly added: readonly InstallRecord[];
  /** What the database had as installed, and is not there any more. */
  readonly missing: readonly InstallRecord[];
  /** Specs and directories that could not be read, so that what they belong to may lack a record. */
  readonly unreadable: readonly UnreadableFile[];
  /** The version of the database before; undefined if there was none that could be used. */
  readonly previousVersion: number | undefined;
  /** A copy of the file that was replaced; undefined if there was none. */
  readonly backup: string | undefined;
}

/**
 * Rebuilds `.spack-db/index.json` from the specs in all prefixes below the root, as `spack reindex` does
 * (`Database.reindex` in `spack/database.py`, `spack/cmd/reindex.py`), under the database's exclusive lock. A database
 * that is damaged or of an older version is replaced, whereafter Spacks before 1.0 cannot read it any more; the file
 * that was there is kept as `index.json.bkp`.
 *
 * @throws SpackOciError `ERR_DATABASE_VERSION` if a newer Spack wrote the database, which is then left as it is;
 *   `ERR_DATABASE_DENIED`; as `FileLocks.acquire` does; as `readInstallDatabase` does for an upstream
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
    throw databaseDenied(copy, "written", error);
  }
}
