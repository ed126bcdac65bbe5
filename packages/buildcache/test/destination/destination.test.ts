// Where packages are: in the store, in an upstream, or where they would be installed.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SpecNode } from "@spack-oci/spack-spec";
import { type InstallDatabase, type InstallRecord, storeAt } from "@spack-oci/spack-store";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { type Destination, locatePackages } from "../../src/destination/destination.js";
import { external, graphOf, node } from "../support/nodes.js";

const scratch = scratchDirectory("destination");
const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => node(name)) as [
  SpecNode,
  SpecNode,
  SpecNode,
  SpecNode,
];
const graph = graphOf(a, b, c, d);

/** The path of a complete prefix: Spack writes its spec at the end. */
function prefixOn(where: string, { name, hash }: SpecNode): string {
  const prefix = join(scratch, where, name);
  mkdirSync(join(prefix, ".spack"), { recursive: true });
  const nodes = [{ name, version: "1", hash }];
  const text = JSON.stringify({ spec: { _meta: { version: 5 }, nodes } });
  writeFileSync(join(prefix, ".spack", "spec.json"), text);
  return prefix;
}

function database(...records: readonly [SpecNode, string | null, boolean?][]): InstallDatabase {
  const entries = records.map(([spec, path, installed = true]): [string, InstallRecord] => [
    spec.hash,
    { spec, refCount: 0, path, installed, explicit: false, installationTime: 0, deprecatedFor: null },
  ]);
  return { version: 8, records: new Map(entries), graph };
}

function destination(...upstreams: readonly InstallDatabase[]): Destination {
  return {
    store: storeAt(scratch),
    prefixOf: (_graph, { name }) => join(scratch, "new", name),
    permissionsOf: async () => ({ fileMode: 0o644, directoryMode: 0o755 }),
    upstreams,
  };
}

it("finds recorded packages by their record, and others where they would be installed", async () => {
  const own = database([a, prefixOn("own", a)]);
  const { prefixOf, installed, isUpstream } = await locatePackages(destination(), own, {
    graph,
    nodes: [a, b],
  });
  expect([prefixOf(a), prefixOf(b)]).toEqual([join(scratch, "own", "a"), join(scratch, "new", "b")]);
  expect([...installed]).toEqual([a.hash]);
  expect(isUpstream(a.hash)).toBe(false);
});

it("trusts neither a record without its prefix nor a prefix without a record", async () => {
  const own = database([a, join(scratch, "gone")], [c, prefixOn("dropped", c), false]);
  prefixOn("new", b);
  const { installed, prefixOf } = await locatePackages(destination(), own, { graph, nodes: [a, b, c] });
  expect([...installed]).toEqual([]);
  expect(prefixOf(c)).toBe(join(scratch, "dropped", "c"));
});

it("uses packages of upstreams in place, after the store's own; the first upstream wins", async () => {
  const own = database([a, prefixOn("own", a)], [d, join(scratch, "old", "d"), false]);
  const [first, second] = ["first", "second"].map((where) =>
    database([a, prefixOn(where, a)], [b, prefixOn(where, b)], [d, prefixOn(where, d)]),
  ) as [InstallDatabase, InstallDatabase];
  const located = await locatePackages(destination(first, second), own, { graph, nodes: [a, b, c, d] });
  expect(located.prefixOf(a)).toBe(join(scratch, "own", "a"));
  expect(located.prefixOf(b)).toBe(join(scratch, "first", "b"));
  expect(located.prefixOf(d)).toBe(join(scratch, "first", "d"));
  expect([...located.installed].sort()).toEqual([a.hash, b.hash, d.hash]);
  expect([located.isUpstream(b.hash), located.isUpstream(c.hash)]).toEqual([true, false]);
});

it("never counts an external as installed", async () => {
  const glibc = external("glibc");
  const { prefixOf, installed } = await locatePackages(destination(), database([glibc, "/usr"]), {
    graph: graphOf(glibc),
    nodes: [glibc],
  });
  expect(prefixOf(glibc)).toBe("/usr");
  expect(installed.size).toBe(0);
});
