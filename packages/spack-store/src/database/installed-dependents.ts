// Finds the installed packages that need others at run time.

import { isRuntimeDependency } from "@spack-oci/spack-spec";
import type { InstallDatabase, InstallRecord } from "./record.js";

/**
 * The installed records that need one of `hashes` at run time, directly or not, without those of `hashes` themselves;
 * the nearest come first (`installed_dependents` in `spack/cmd/uninstall.py`, `Database.installed_relatives`).
 */
export function installedDependents(
  { records }: InstallDatabase,
  hashes: readonly string[],
): readonly InstallRecord[] {
  const parents = new Map<string, InstallRecord[]>();
  for (const record of records.values()) {
    for (const { hash } of record.spec.dependencies.filter(isRuntimeDependency)) {
      const known = parents.get(hash);
      if (known === undefined) parents.set(hash, [record]);
      else known.push(record);
    }
  }
  const seen = new Set(hashes);
  const found: InstallRecord[] = [];
  const queue = [...seen];
  // Iterating over an array includes entries that are added meanwhile.
  for (const hash of queue) {
    for (const record of parents.get(hash) ?? []) {
      if (seen.has(record.spec.hash)) continue;
      seen.add(record.spec.hash);
      queue.push(record.spec.hash);
      if (record.installed) found.push(record);
    }
  }
  return found;
}
