// Finds installed packages that nothing needs.

import { breadthFirst, type DependencyType } from "@spack-oci/spack-spec";
import type { InstallDatabase, InstallRecord } from "./record.js";

/** What counts as used. */
export interface UsageRules {
  /** DAG hashes of the packages to keep; by default, those that a user asked for. */
  readonly roots?: ReadonlySet<string>;
  /** The dependencies of a kept package that are kept, too. */
  readonly deptypes: readonly DependencyType[];
}

/** The installed records that no root reaches, in the order of the database (`Database.unused_specs`). */
export function unusedRecords(
  { records, graph }: InstallDatabase,
  { roots, deptypes }: UsageRules,
): readonly InstallRecord[] {
  const isRoot = ({ spec, explicit }: InstallRecord) => roots?.has(spec.hash) ?? explicit;
  const kept = [...records.values()].filter(isRoot).map(({ spec }) => spec.hash);
  const used = new Set(breadthFirst(graph, kept, { deptypes }).map(({ hash }) => hash));
  return [...records.values()].filter(({ spec, installed }) => installed && !used.has(spec.hash));
}
