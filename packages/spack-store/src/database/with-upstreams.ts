// Completes a store's database with what is in its upstreams.

import { databaseOf, type InstallDatabase, type InstallRecord } from "./record.js";

/**
 * The database with the records of upstreams for specs that it does not have; those of earlier upstreams come first. As
 * in Spack, a local record counts even if it is only installed upstream (`Database.query_by_spec_hash` in
 * `spack/database.py`).
 */
export function withUpstreams(
  database: InstallDatabase,
  upstreams: readonly InstallDatabase[],
): InstallDatabase {
  if (upstreams.length === 0) return database;
  const records = new Map<string, InstallRecord>(database.records);
  for (const upstream of upstreams) {
    for (const [hash, record] of upstream.records) if (!records.has(hash)) records.set(hash, record);
  }
  return databaseOf(records, database.version);
}
