// The types of Spack's install database: one record per spec that is, or once was, in a store.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
/** What the database says of one spec (`InstallRecord` in `spack/database.py`). */
export interface InstallRecord {
  readonly spec: SpecNode;
  /** How many records name this one as a dependency or as what replaces them. */
  readonly refCount: number;
  /** The prefix; for an external its path, or null if it has none (only modules). */
  readonly path: string | null;
  readonly installed: boolean;
  /** Whether a user asked for it, rather than a dependent. */
  readonly explicit: boolean;
  /** Seconds since 1970. */
  readonly installationTime: number;
  /** The hash of the spec that took this one's place. */
  readonly deprecatedFor: string | null;
  /** Where Spack imported it from, for example a Cray manifest. */
  readonly origin?: string;
}

/** The install database of a store; a plain value that functions take and return. */
export interface InstallDatabase {
  /** The format version that it was read from. */
  readonly version: number;
  /** Records by DAG hash, in the order of the file. */
  readonly records: ReadonlyMap<string, InstallRecord>;
  /** The specs of all records. */
  readonly graph: SpecGraph;
}

/** The format version that Spack 1.0 and later write, and that new databases get. */
export const DATABASE_VERSION = 8;

/** A database of `records`. */
export function databaseOf(
  records: ReadonlyMap<string, InstallRecord>,
  version: number = DATABASE_VERSION,
): InstallDatabase {
  return { version, records, graph: new Map([...records].map(([hash, record]) => [hash, record.spec])) };
}
