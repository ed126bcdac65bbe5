// The types of Spack's install database: one record per spec that is, or once was, in a store.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
/** The database's record of one spec (`InstallRecord` in `spack/database.py`). */
export interface InstallRecord {
  readonly spec: SpecNode;
  /** How many records depend on this one or are replaced by it. */
  readonly refCount: number;
  /** The prefix; for an external, its path, or null if it only has modules. */
  readonly path: string | null;
  readonly installed: boolean;
  /** Whether a user asked for it, rather than a dependent. */
  readonly explicit: boolean;
  /** Seconds since 1970. */
  readonly installationTime: number;
  /** The hash of the spec that replaced this one. */
  readonly deprecatedFor: string | null;
  /** Where Spack imported it from, such as a Cray manifest. */
  readonly origin?: string;
}

/** The install database of a store, as an immutable value. */
export interface InstallDatabase {
  /** Its format version. */
  readonly version: number;
  /** Records by DAG hash, in the order of the file. */
  readonly records: ReadonlyMap<string, InstallRecord>;
  /** The specs of all records. */
  readonly graph: SpecGraph;
}

/** The format version of Spack 1.0 and later, and of new databases. */
export const DATABASE_VERSION = 8;

/** A database of `records`. */
export function databaseOf(
  records: ReadonlyMap<string, InstallRecord>,
  version: number = DATABASE_VERSION,
): InstallDatabase {
  return { version, records, graph: new Map([...records].map(([hash, record]) => [hash, record.spec])) };
}
