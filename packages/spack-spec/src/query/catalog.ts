// The specs of install databases or of a buildcache, for queries.

import type { SpecGraph, SpecNode } from "../model/node.js";

/** What is known about a spec besides its node; records of an install database have this shape. */
export interface SpecRecord {
  readonly spec: SpecNode;
  /** The prefix; null for an external without one. */
  readonly path: string | null;
  readonly installed: boolean;
  /** Whether a user asked for it, rather than a dependent. */
  readonly explicit: boolean;
  /** Seconds since 1970. */
  readonly installationTime: number;
  /** The hash of the spec that took this one's place. */
  readonly deprecatedFor: string | null;
}

/** Specs with records, such as an install database. */
export interface RecordedSpecs {
  readonly graph: SpecGraph;
  /** Records by DAG hash. */
  readonly records: ReadonlyMap<string, SpecRecord>;
}

/** Specs with their records in one or more databases. */
export interface SpecCatalog {
  /** All nodes, including dependencies in upstreams. */
  readonly graph: SpecGraph;
  /** The records of each spec, the local one first. */
  readonly records: ReadonlyMap<string, readonly SpecRecord[]>;
  /** The hashes in the local database. */
  readonly local: ReadonlySet<string>;
  /** The databases, the local one first; none for a buildcache. */
  readonly databases: readonly RecordedSpecs[];
}

/** The catalog of a store's database and those of its upstreams, in this order. */
export function catalogOf(database: RecordedSpecs, upstreams: readonly RecordedSpecs[] = []): SpecCatalog {
  const databases = [database, ...upstreams];
  const records = new Map<string, readonly SpecRecord[]>();
  for (const { records: own } of databases) {
    for (const [hash, record] of own) records.set(hash, [...(records.get(hash) ?? []), record]);
  }
  const graph = upstreams.length === 0 ? database.graph : mergeGraphs(databases);
  return { graph, records, local: new Set(database.records.keys()), databases };
}

/**
 * A catalog in which the nodes with these hashes (by default all) count as installed, as for a buildcache.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { catalogOfGraph, parseSpecDocument, queryCatalog } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(queryCatalog(catalogOfGraph(graph, [root.hash])).length); // 1
 * ```
 */
export function catalogOfGraph(graph: SpecGraph, hashes: Iterable<string> = graph.keys()): SpecCatalog {
  const records = new Map<string, readonly SpecRecord[]>();
  for (const hash of hashes) {
    const node = graph.get(hash);
    if (node !== undefined) records.set(hash, [installedRecord(node)]);
  }
  return { graph, records, local: new Set(records.keys()), databases: [] };
}

/**
 * The effective record: that of the first database that has one, even if the spec is only installed in a later one.
 */
export function recordOf(catalog: SpecCatalog, hash: string): SpecRecord | undefined {
  return catalog.records.get(hash)?.[0];
}

/** Whether the effective record belongs to an upstream. */
export function isUpstream(catalog: SpecCatalog, hash: string): boolean {
  return catalog.records.has(hash) && !catalog.local.has(hash);
}

/** The prefix of a spec according to the databases, for `{prefix}` in formats. */
export function prefixOf(catalog: SpecCatalog, hash: string): string | undefined {
  return recordOf(catalog, hash)?.path ?? undefined;
}

function mergeGraphs(databases: readonly RecordedSpecs[]): SpecGraph {
  const merged = new Map<string, SpecNode>();
  for (const { graph } of databases) {
    for (const [hash, node] of graph) if (!merged.has(hash)) merged.set(hash, node);
  }
  return merged;
}

function installedRecord(spec: SpecNode): SpecRecord {
  const path = spec.external?.path ?? null;
  return {
    spec,
    path,
    installed: true,
    explicit: false,
    installationTime: 0,
    deprecatedFor: null,
  };
}
