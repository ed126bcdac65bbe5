// Rebuilds the records of a store from installed prefixes and previous records, in memory.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { countReferences } from "./count-references.js";
import { databaseOf, type InstallDatabase, type InstallRecord } from "./record.js";

/** The input of {@link rebuildRecords}. */
export interface RebuildSources {
  /** The installed packages. */
  readonly prefixes: readonly {
    readonly prefix: string;
    readonly spec: SpecNode;
    /** When the prefix last changed, in seconds since 1970. */
    readonly changeTime: number;
  }[];
  readonly deprecated: readonly { readonly spec: SpecNode; readonly deprecatedFor: string }[];
  /** Their dependencies. */
  readonly graph: SpecGraph;
  /** The previous database, if any. */
  readonly previous?: InstallDatabase;
  /** The hashes recorded in upstream stores. */
  readonly upstreamHashes: ReadonlySet<string>;
  /** Now, in seconds since 1970. */
  readonly time: number;
}

/**
 * Rebuilds a database by the rules of `Database._reindex` in `spack/database.py`: specs come from prefixes first; their
 * explicitness, times, origins and deprecations come from the previous records, otherwise they are explicit and as old
 * as their prefix. Missing dependencies keep a record, unless an upstream store has one. The result has version 8.
 *
 * If the previous database lacks a dependency of one of its specs, Spack drops that dependency; here, the spec stays
 * complete.
 */
export function rebuildRecords(sources: RebuildSources): InstallDatabase {
  const { prefixes, deprecated, previous, time } = sources;
  const records = new Map<string, InstallRecord>();
  for (const node of knownNodes(sources)) records.set(node.hash, newRecord(node, time));
  const change = (hash: string, changes: Partial<InstallRecord>) => {
    const record = records.get(hash);
    if (record !== undefined) records.set(hash, { ...record, ...changes });
  };

  for (const { prefix, spec, changeTime } of prefixes) {
    const { hash } = spec;
    // A copy of a prefix that is not in the database does not replace the original.
    if (records.get(hash)?.path && previous?.records.get(hash)?.path !== prefix) continue;
    change(hash, { path: prefix, installed: true, explicit: true, installationTime: changeTime });
  }
  for (const { spec, deprecatedFor } of deprecated) change(spec.hash, { deprecatedFor });
  for (const [hash, { explicit, installationTime, deprecatedFor, origin }] of previous?.records ?? []) {
    change(hash, {
      explicit,
      installationTime: installationTime || time,
      deprecatedFor,
      ...(origin === undefined ? {} : { origin }),
    });
  }
  return databaseOf(countReferences(records));
}

/** All specs with a record, breadth first, roots before dependencies. */
function knownNodes({ prefixes, deprecated, graph, previous, upstreamHashes }: RebuildSources) {
  const found = new Map<string, SpecNode>();
  for (const { spec } of [...prefixes, ...deprecated, ...(previous?.records.values() ?? [])]) {
    if (!found.has(spec.hash)) found.set(spec.hash, spec);
  }
  // Iterating over a map includes entries that are added meanwhile.
  for (const { dependencies } of found.values()) {
    for (const { hash } of dependencies) {
      const node = graph.get(hash);
      if (node !== undefined && !found.has(hash) && !upstreamHashes.has(hash)) found.set(hash, node);
    }
  }
  return found.values();
}

function newRecord(node: SpecNode, time: number): InstallRecord {
  return {
    spec: node,
    refCount: 0,
    path: node.external?.path ?? null,
    installed: node.external !== undefined,
    explicit: false,
    installationTime: time,
    deprecatedFor: null,
  };
}
