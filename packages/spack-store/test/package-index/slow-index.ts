// Package indexes read and written the slow way, as a model: everything is parsed, and everything is built again.

import {
  asInteger,
  formatJson,
  type Json,
  optional,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { addRecords } from "../../src/database/add-records.js";
import { databaseNodeJson, formatInstalls } from "../../src/database/format-database.js";
import { brokenIndex, readInstalls } from "../../src/database/read-installs.js";
import { databaseOf } from "../../src/database/record.js";

/** The specs of an index and the hashes of its packages. */
export interface SlowIndex {
  readonly version: number;
  readonly graph: ReadonlyMap<string, SpecNode>;
  readonly packages: readonly string[];
}

export function readSlowly(text: string, place: string): SlowIndex {
  const hint = "Run `spack-oci update-index` to rebuild it.";
  const { version, entries } = readInstalls(text, place, hint);
  try {
    for (const [hash, { fields }] of entries)
      optional(fields.get("ref_count"), (value) => asInteger(value, `ref_count of ${hash}`));
  } catch (error) {
    throw brokenIndex(error, place, hint);
  }
  const packages = [...entries].filter(([, { fields }]) => fields.get("in_buildcache") === true);
  return {
    version,
    graph: new Map([...entries].map(([hash, { spec }]) => [hash, spec])),
    packages: packages.map(([hash]) => hash),
  };
}

export function buildSlowly(specs: readonly SpecDocument[]): string {
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
  const context = { graph, prefixOf: () => "", isInstalled: () => true, time: 0 };
  const { records } = addRecords(databaseOf(new Map()), additions, context);
  return formatInstalls(
    [...records].map(([hash, { spec, refCount }]) => [
      hash,
      formatJson(
        new Map<string, Json>([
          ["spec", databaseNodeJson(spec)],
          ["ref_count", BigInt(refCount)],
          ["in_buildcache", pushed.has(hash)],
        ]),
      ),
    ]),
  );
}
