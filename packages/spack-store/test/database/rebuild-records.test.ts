// A reindex converts records of older databases.

import { readNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { formatDatabase } from "../../src/database/format-database.js";
import { rebuildRecords } from "../../src/database/rebuild-records.js";
import { databaseOf, type InstallRecord } from "../../src/database/record.js";

import { version4Nodes } from "../support/version-4-specs.js";

const app = "a".repeat(32);
const libb = "b".repeat(32);
const tool = "t".repeat(32);
const nodes = new Map([...version4Nodes].map(([hash, node]) => [hash, readNode(node, 4)]));

function record(hash: string, changes: Partial<InstallRecord> = {}): [string, InstallRecord] {
  const spec = nodes.get(hash);
  if (spec === undefined) throw new Error(hash);
  const plain = { refCount: 0, path: "/old", installed: true, explicit: false, installationTime: 5 };
  return [hash, { spec, ...plain, deprecatedFor: null, ...changes }];
}

describe("rebuildRecords", () => {
  it("converts version 7, keeps missing specs, and counts deprecations", () => {
    const previous = databaseOf(
      new Map([record(app, { explicit: true }), record(tool, { deprecatedFor: libb }), record(libb)]),
      7,
    );
    const spec = nodes.get(app);
    if (spec === undefined) throw new Error(app);
    const rebuilt = rebuildRecords({
      prefixes: [{ prefix: "/new", spec, changeTime: 9 }],
      deprecated: [],
      graph: nodes,
      previous,
      upstreamHashes: new Set([tool]),
      time: 10,
    });
    expect(rebuilt.version).toBe(8);
    const plain = { explicit: false, installationTime: 5, path: null, installed: false };
    expect(Object.fromEntries(rebuilt.records)).toEqual({
      [app]: record(app, { path: "/new", explicit: true })[1],
      [tool]: record(tool, { ...plain, refCount: 1, deprecatedFor: libb })[1],
      [libb]: record(libb, { ...plain, refCount: 2 })[1],
    });
    expect(formatDatabase(rebuilt)).toContain(
      '"annotations":{"original_specfile_version":4,"compiler":"gcc@=12.2.0"}',
    );
  });

  it("does not record specs of upstreams or their dependencies", () => {
    const spec = nodes.get(app);
    if (spec === undefined) throw new Error(app);
    const sources = { prefixes: [{ prefix: "/new", spec, changeTime: 9 }], deprecated: [], time: 10 };
    const hashes = (upstream: string[]) => [
      ...rebuildRecords({ ...sources, graph: nodes, upstreamHashes: new Set(upstream) }).records.keys(),
    ];
    expect(hashes([])).toEqual([app, libb, tool]);
    expect(hashes([libb])).toEqual([app, tool]);
    expect(hashes([app, libb, tool])).toEqual([app]);
  });
});
