// Reads and builds package indexes of buildcaches: install databases with fewer fields.

import {
  asInteger,
  formatJson,
  type Json,
  optional,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { addRecords } from "./add-records.js";
import { databaseNodeJson, formatInstalls } from "./format-database.js";
import { readInstalls } from "./read-installs.js";
import { databaseOf, type InstallRecord } from "./record.js";

/** The record of one spec in a package index. */
interface IndexRecord {
  readonly spec: SpecNode;
  readonly refCount: number;
  /** False for externals and for dependencies that were not pushed. */
  readonly inBuildcache: boolean;
}

/** A package index. */
export interface IndexDocument {
  readonly version: number;
  /** Records by DAG hash, in the order of the text. */
  readonly records: ReadonlyMap<string, IndexRecord>;
  readonly graph: SpecGraph;
}

/**
 * The text of the package index of a buildcache with the roots of `specs` (`BuildCacheDatabase` and `_oci_update_index`
 * in `spack/binary_distribution.py`): it includes all their dependencies. Specs from an existing index may be among
 * them, all with the graph of that index.
 *
 * @throws SpackOciError `ERR_SPEC_INCOMPLETE` if a document lacks one of its dependencies
 */
export function buildIndexDocument(specs: Iterable<SpecDocument>): string {
  const graph = new Map<string, SpecNode>();
  const pushed = new Set<string>();
  const seen = new Set<SpecGraph>();
  for (const document of specs) {
    pushed.add(document.root.hash);
    if (seen.has(document.graph)) continue;
    seen.add(document.graph);
    for (const [hash, node] of document.graph) if (!graph.has(hash)) graph.set(hash, node);
  }
  const additions = [...pushed].map((hash) => ({ hash, explicit: false }));
  const { records } = addRecords(databaseOf(new Map()), additions, {
    graph,
    prefixOf: () => "",
    isInstalled: () => true,
    time: 0,
  });
  return formatInstalls(indexRecords(records, pushed));
}

function* indexRecords(
  records: ReadonlyMap<string, InstallRecord>,
  pushed: ReadonlySet<string>,
): Generator<[string, string]> {
  for (const [hash, { spec, refCount }] of records) {
    const json = new Map<string, Json>([
      ["spec", databaseNodeJson(spec)],
      ["ref_count", BigInt(refCount)],
      ["in_buildcache", pushed.has(hash)],
    ]);
    yield [hash, formatJson(json)];
  }
}

/**
 * Reads the text of a package index, versions 5 to 8.
 *
 * @param place the tag or blob that the text comes from
 * @throws SpackOciError `ERR_DATABASE_CORRUPT`, or `ERR_DATABASE_VERSION`
 */
export function readIndexDocument(text: string, place: string): IndexDocument {
  const { version, entries } = readInstalls(text, place, "Run `spack-oci update-index` to rebuild it.");
  const records = new Map<string, IndexRecord>();
  for (const [hash, { spec, fields }] of entries) {
    records.set(hash, {
      spec,
      refCount: optional(fields.get("ref_count"), (value) => asInteger(value, `ref_count of ${hash}`)) ?? 0,
      inBuildcache: fields.get("in_buildcache") === true,
    });
  }
  return { version, records, graph: new Map([...entries].map(([hash, { spec }]) => [hash, spec])) };
}
