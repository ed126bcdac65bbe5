// Counts the references to each record.

import type { InstallRecord } from "./record.js";

/**
 * The records with correct reference counts: one for each spec that depends on it in any way, and one for each spec
 * that it replaced (the end of `Database._reindex` in `spack/database.py`).
 */
export function countReferences(
  records: ReadonlyMap<string, InstallRecord>,
): ReadonlyMap<string, InstallRecord> {
  const counts = new Map<string, number>();
  const count = (hash: string) => counts.set(hash, (counts.get(hash) ?? 0) + 1);
  for (const { spec, deprecatedFor } of records.values()) {
    for (const { hash } of spec.dependencies) count(hash);
    if (deprecatedFor !== null) count(deprecatedFor);
  }
  return new Map(
    [...records].map(([hash, record]) => [hash, { ...record, refCount: counts.get(hash) ?? 0 }]),
  );
}
