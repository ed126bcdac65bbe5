// Removes a spec from an install database by Spack's rules, in memory.

import { databaseOf, type InstallDatabase, type InstallRecord } from "./record.js";

/**
 * Removes a spec as `Database._remove` of `spack/database.py` does: a record that others refer to stays, as not
 * installed; any other is deleted, which also deletes the records that were only kept for it. As in Spack, a deprecated
 * spec that goes this way still counts as a reference to its replacement; `reindex` counts again.
 *
 * @returns the same database if it has no record of the spec
 */
export function removeRecord(database: InstallDatabase, hash: string): InstallDatabase {
  const record = database.records.get(hash);
  if (record === undefined) return database;
  const records = new Map(database.records);
  if (record.refCount > 0) {
    records.set(hash, { ...record, installed: false });
  } else {
    records.delete(hash);
    for (const dependency of record.spec.dependencies) dropReference(records, dependency.hash);
    if (record.deprecatedFor !== null) dropReference(records, record.deprecatedFor);
  }
  return databaseOf(records, database.version);
}

/** `Database._decrement_ref_count`. Specs in upstream stores have no record here. */
function dropReference(records: Map<string, InstallRecord>, hash: string): void {
  const record = records.get(hash);
  if (record === undefined) return;
  const refCount = record.refCount - 1;
  if (refCount !== 0 || record.installed) {
    records.set(hash, { ...record, refCount });
    return;
  }
  records.delete(hash);
  for (const dependency of record.spec.dependencies) dropReference(records, dependency.hash);
}
