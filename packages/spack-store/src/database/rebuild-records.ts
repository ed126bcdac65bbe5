// Makes the records of a store anew out of what is installed and what was recorded before, without touching a disk.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { countReferences } from "./count-references.js";
import { databaseOf, type InstallDatabase, type InstallRecord } from "./record.js";

/** What {@link rebuildRecords} makes records of. */
export interface RebuildSources {
  /** What is installed. */
  readonly prefixes: readonly {
    readonly prefix: string;
    readonly spec: SpecNode;
    /** When the prefix last changed, in seconds since 1970. */
    readonly changeTime: number;
  }[];
  readonly deprecated: readonly { readonly spec: SpecNode; readonly deprecatedFor: string }[];
  /** What they depend on. */
  readonly graph: SpecGraph;
  /** The database so far, if there was one. */
  readonly previous?: InstallDatabase;
  /** The hashes that upstream stores have records of. */
  readonly upstreamHashes: ReadonlySet<string>;
  /** Now, in seconds since 1970. */
  readonly time: number;
}

/**
 * Rebuilds a database by the rules of `Database._reindex` in `spack/database.py`: specs are taken from the prefixes
 * first; whether they are explicit, their times, origins and what they are deprecated for, from the previous records,
 * or else they count as explicit and as old as their prefix. Dependencies that are not installed keep a record, unless
 * an upstream store has one. The result has version 8.
 *
 * Where the previous database lacks a dependency of one of its own specs, Spack forgets that dependency; here the spec
 * stays whole.
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
    // A copy of a prefix, which the database never knew, does not take its place.
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

/** All specs that have a record, breadth first; those that are known for themselves come before their dependencies. */
function knownNodes({ prefixes, deprecated, graph, previous, upstreamHashes }: RebuildSources) {
  const found = new Map<string, SpecNode>();
  for (const { spec } of [...prefixes, ...deprecated, ...(previous?.records.values() ?? [])]) {
    if (!found.has(spec.hash)) found.set(spec.hash, spec);
  }
  // A map hands out what is added while it is walked through.
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
