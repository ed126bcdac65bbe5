// The install database is parsed and formatted as by Spack.

import { parseSpecDocument, type SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readBlob, readFixture, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { addRecords } from "../../src/database/add-records.js";
import { formatDatabase } from "../../src/database/format-database.js";
import { parseDatabase } from "../../src/database/read-database.js";
import { databaseOf } from "../../src/database/record.js";

const producer = "spack-1.2/producer/spack-db-index.json";
const consumer = "spack-1.2/expected-B.spack-db-index.json";

interface Raw {
  readonly database: {
    readonly installs: Record<string, { explicit: boolean; installed: boolean; installation_time: number }>;
  };
}

/** All specs of the buildcache, from their own config blobs. */
function buildcacheGraph(): Map<string, SpecNode> {
  const layout = "spack-1.2/oci-layout-main";
  const graph = new Map<string, SpecNode>();
  for (const [tag, manifest] of readLayout(layout)) {
    if (!tag.endsWith(".spack") || tag === "index.spack") continue;
    for (const [hash, node] of parseSpecDocument(readBlob(layout, manifest.config.digest)).graph)
      graph.set(hash, node);
  }
  return graph;
}

describe("parseDatabase and formatDatabase", () => {
  it.each([producer, consumer])("round-trip %s byte for byte", (name) => {
    const text = readFixture(name);
    expect(formatDatabase(parseDatabase(text, name))).toBe(text);
  });

  it("read all members of records", () => {
    const database = parseDatabase(readFixture(consumer), consumer);
    const record = database.records.get("jrtxylmzw232laxox2s5a5wkhr7skrim");
    expect(record).toMatchObject({
      refCount: 12,
      path: "/tmp/b/opt/linux-x86_64_v3/compiler-wrapper-1.0-jrtxylmzw232laxox2s5a5wkhr7skrim",
      installed: false,
      explicit: false,
      installationTime: 1795361555.686831,
      deprecatedFor: null,
    });
    expect(database.graph.get("jrtxylmzw232laxox2s5a5wkhr7skrim")).toBe(record?.spec);
  });

  it("read version 5, whose nodes are keyed by name and have no hash", () => {
    const text = `{"database":{"version":"5","installs":{"aaaa":{"spec":{"zlib":{"version":"1.2","compiler":
      {"name":"gcc","version":"4.8"},"dependencies":{"make":{"hash":"bbbb","type":["build"]}}}},"path":"None"}}}}`;
    const database = parseDatabase(text, "index.json");
    expect(database.records.get("aaaa")).toMatchObject({
      path: null,
      installed: false,
      spec: {
        name: "zlib",
        hash: "aaaa",
        annotations: { originalSpecfileVersion: 1, compiler: "gcc@=4.8" },
        dependencies: [{ name: "make", hash: "bbbb", deptypes: ["build"], virtuals: [], direct: true }],
      },
    });
    expect(() => formatDatabase(database)).toThrow(expect.objectContaining({ code: "ERR_DATABASE_VERSION" }));
  });

  it.each([
    ['{"database":{"version":"9","installs":{}}}', "ERR_DATABASE_VERSION", "unsupported"],
    ['{"database":{"version":"0.9.3","installs":{}}}', "ERR_DATABASE_VERSION", "unsupported"],
    ["{", "ERR_DATABASE_CORRUPT", "corrupt"],
    ["{}", "ERR_DATABASE_CORRUPT", "corrupt"],
    ['{"database":{"version":"8","installs":{"a":{}}}}', "ERR_DATABASE_CORRUPT", "corrupt"],
    [
      '{"database":{"version":"8","installs":{"a":{"spec":{"name":"a"}}}}}',
      "ERR_DATABASE_CORRUPT",
      "corrupt",
    ],
  ])("refuse %s", (text, code, kind) => {
    expect(() => parseDatabase(text, "/store/.spack-db/index.json")).toThrow(
      expect.objectContaining({
        code,
        kind,
        place: "/store/.spack-db/index.json",
        hint: expect.any(String) as string,
      }),
    );
  });
});

describe("addRecords", () => {
  const expected = JSON.parse(readFixture(consumer)) as Raw;
  const installs = expected.database.installs;
  const context = {
    graph: buildcacheGraph(),
    prefixOf: (node: SpecNode) =>
      `/tmp/b/opt/linux-x86_64_v3/${node.name}-${node.version.replace("=", "_")}-${node.hash}`,
    isInstalled: (node: SpecNode) => installs[node.hash]?.installed === true,
    time: 17,
  };
  const wanted = Object.keys(installs).filter((hash) => installs[hash]?.explicit);
  const withoutTimes = structuredClone(expected);
  for (const record of Object.values(withoutTimes.database.installs)) record.installation_time = 17;

  it("creates the same database as Spack, in any order of installs", () => {
    for (const hashes of [wanted, [...wanted].reverse()]) {
      const additions = hashes.map((hash) => ({ hash, explicit: true }));
      const database = addRecords(databaseOf(new Map()), additions, context);
      expect(JSON.parse(formatDatabase(database))).toEqual(withoutTimes);
    }
  });

  it("only changes times when specs are added again", () => {
    const additions = wanted.map((hash) => ({ hash, explicit: true }));
    const once = addRecords(databaseOf(new Map()), additions, context);
    const twice = addRecords(once, additions, { ...context, time: 18 });
    const times = [...twice.records.values()].map((record) => record.installationTime);
    expect(times.filter((time) => time === 18)).toHaveLength(wanted.length);
    const reset = [...twice.records].map(
      ([hash, record]) => [hash, { ...record, installationTime: 17 }] as const,
    );
    expect(new Map(reset)).toEqual(once.records);
  });

  it("does not record specs of upstream stores", () => {
    const upstream = "mysq6wt4gnlcxnyqdavvsy4ifiwu7zgx";
    const graph = new Map(context.graph);
    graph.delete(upstream);
    const additions = [{ hash: wanted.at(-1) as string, explicit: true }];
    const database = addRecords(databaseOf(new Map()), additions, {
      ...context,
      graph,
      isInstalledUpstream: (hash) => hash === upstream,
    });
    expect(database.records.has(upstream)).toBe(false);
    expect(database.records.has(wanted.at(-1) as string)).toBe(true);
  });

  it("rejects a spec with an unknown dependency", () => {
    const graph = new Map(context.graph);
    graph.delete("mysq6wt4gnlcxnyqdavvsy4ifiwu7zgx");
    const additions = [{ hash: wanted.at(-1) as string, explicit: true }];
    expect(() => addRecords(databaseOf(new Map()), additions, { ...context, graph })).toThrow(
      expect.objectContaining({ code: "ERR_SPEC_INCOMPLETE" }),
    );
  });
});
