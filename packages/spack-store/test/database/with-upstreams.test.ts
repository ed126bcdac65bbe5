// Upstreams add what a database does not have.

import { readNode } from "@spack-oci/spack-spec";
import { expect, it } from "vitest";
import { databaseOf, type InstallRecord } from "../../src/database/record.js";
import { withUpstreams } from "../../src/database/with-upstreams.js";
import { version4Nodes } from "../support/version-4-specs.js";

function databaseAt(root: string, names: readonly string[], installed = true) {
  const nodes = [...version4Nodes].filter(([hash]) => names.includes(hash.slice(0, 1)));
  const records = nodes.map(([hash, json]): [string, InstallRecord] => {
    const spec = readNode(json, 4);
    const plain = { refCount: 0, explicit: false, installationTime: 5, deprecatedFor: null };
    return [hash, { spec, path: `${root}/${spec.name}`, installed, ...plain }];
  });
  return databaseOf(new Map(records));
}

it("adds records of upstreams, and prefers earlier databases even if the package is not installed there", () => {
  const merged = withUpstreams(databaseAt("/own", ["a"], false), [
    databaseAt("/first", ["a", "b"]),
    databaseAt("/second", ["b", "t"]),
  ]);
  const roots = [...merged.records].map(([hash, { path, installed }]) => [
    hash[0],
    path?.split("/")[1],
    installed,
  ]);
  expect(roots).toEqual([
    ["a", "own", false],
    ["b", "first", true],
    ["t", "second", true],
  ]);
  expect([...merged.graph.keys()].map((hash) => hash[0])).toEqual(["a", "b", "t"]);
});

it("returns the database itself without upstreams", () => {
  const database = databaseAt("/own", ["a"]);
  expect(withUpstreams(database, [])).toBe(database);
});
