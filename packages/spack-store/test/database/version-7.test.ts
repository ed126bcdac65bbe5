// Databases of Spack 0.21 to 0.23 keep their version, and reject specs that those Spacks cannot read.

import { formatJson, type Json, type JsonObject, readNode, type SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { addRecords } from "../../src/database/add-records.js";
import { formatDatabase } from "../../src/database/format-database.js";
import { parseDatabase } from "../../src/database/read-database.js";
import { databaseOf } from "../../src/database/record.js";
import { version3Nodes, version4Nodes } from "../support/version-4-specs.js";

const app = "a".repeat(32);
const libb = "b".repeat(32);
const tool = "t".repeat(32);

function databaseText(nodes: ReadonlyMap<string, JsonObject>): string {
  const installs = [...nodes].map(([hash, node]) => {
    const record = new Map<string, Json>([
      ["spec", node],
      ["ref_count", hash === libb || hash === tool ? 1n : 0n],
      ["path", `/store/${hash}`],
      ["installed", hash !== tool],
      ["explicit", hash === app],
      ["installation_time", 1732270000.25],
      ["deprecated_for", null],
    ]);
    return [hash, hash === app ? record.set("origin", "external-db") : record] as const;
  });
  return formatJson(
    new Map([
      [
        "database",
        new Map<string, Json>([
          ["version", "7"],
          ["installs", new Map(installs)],
        ]),
      ],
    ]),
  );
}

/** With `hash` last, as all databases have it; the lock file has the compiler after it. */
const nodes = new Map(
  [...version4Nodes].map(([hash, node]) => {
    const json = new Map(node);
    json.delete("hash");
    return [hash, json.set("hash", hash)];
  }),
);
const context = { prefixOf: (node: SpecNode) => `/store/${node.hash}`, isInstalled: () => true, time: 17 };

describe("a database of version 7", () => {
  it("round-trips byte for byte", () => {
    const text = databaseText(nodes);
    const database = parseDatabase(text, "index.json");
    expect(database.version).toBe(7);
    expect(database.records.get(app)?.spec.annotations).toEqual({
      originalSpecfileVersion: 4,
      compiler: "gcc@=12.2.0",
    });
    expect(formatDatabase(database)).toBe(text);
  });

  it("adds specs of format 4 unchanged, and counts their references", () => {
    const graph = new Map([...nodes].map(([hash, node]) => [hash, readNode(node, 4)]));
    const added = addRecords(databaseOf(new Map(), 7), [{ hash: app, explicit: true }], {
      ...context,
      graph,
    });
    const { database } = JSON.parse(formatDatabase(added)) as {
      database: { version: string; installs: Record<string, { spec: unknown; ref_count: number }> };
    };
    expect(database.version).toBe("7");
    expect(Object.keys(database.installs).sort()).toEqual([app, libb, tool]);
    expect(database.installs[libb]?.ref_count).toBe(1);
    expect(database.installs[app]?.spec).toEqual(JSON.parse(formatJson(nodes.get(app) as JsonObject)));
  });

  it("converts older specs to format 4: with its edges and without annotations", () => {
    const graph = new Map([...version3Nodes].map(([hash, node]) => [hash, readNode(node, 3)]));
    const added = addRecords(databaseOf(new Map(), 7), [{ hash: app, explicit: true }], {
      ...context,
      graph,
    });
    const text = formatDatabase(added);
    expect(text).toContain(
      `"arch":{"platform":"linux","platform_os":"debian12","target":"x86_64_v3"},"compiler":{"name":"gcc","version":"12.2.0"},`,
    );
    expect(text).toContain(
      `{"name":"libb","hash":"${libb}","parameters":{"deptypes":["build","link"],"virtuals":[]}}`,
    );
    expect(text).not.toContain("annotations");
    expect(text).not.toContain('"type"');
    expect(formatDatabase(parseDatabase(text, "index.json"))).toBe(text);
  });

  it("rejects specs of format 5 in any record", () => {
    const producer = "spack-1.2/producer/spack-db-index.json";
    const { records } = parseDatabase(readFixture(producer), producer);
    const [newer] = records;
    const old = parseDatabase(databaseText(nodes), "index.json");
    const mixed = databaseOf(new Map([...old.records, newer as NonNullable<typeof newer>]), 7);
    expect(() => formatDatabase(mixed, "/store/.spack-db/index.json")).toThrow(
      expect.objectContaining({
        code: "ERR_DATABASE_TOO_OLD",
        kind: "unsupported",
        place: "/store/.spack-db/index.json",
        message: expect.stringMatching(/^\S+\/\w{7} has spec format 5; a database of version 7/) as string,
        hint: expect.stringContaining("older than the packages") as string,
      }),
    );
  });
});
