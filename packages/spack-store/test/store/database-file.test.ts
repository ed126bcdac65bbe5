// A store without a Spack gets a database that Spack can read.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatSpecDocument, type JsonObject, readNode, type SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { parseDatabase } from "../../src/database/read-database.js";
import { ProcessLocks } from "../../src/locks/process-locks.js";
import { readInstallDatabase, updateInstallDatabase } from "../../src/store/database-file.js";
import { isInstalled, registerInstalls } from "../../src/store/installed.js";
import { type Store, storeAt } from "../../src/store/store.js";
import { temporaryDirectory } from "../support/temporary.js";
import { version4Nodes } from "../support/version-4-specs.js";

const locks = new ProcessLocks();
const expectedName = "spack-1.2/expected-B.spack-db-index.json";
const expected = parseDatabase(readFixture(expectedName), expectedName);

function install(store: Store, node: SpecNode): void {
  const metadata = join(prefixIn(store)(node), ".spack");
  mkdirSync(metadata, { recursive: true });
  writeFileSync(join(metadata, "spec.json"), formatSpecDocument(expected.graph, node));
}

function writeIndex(store: Store, text: string): void {
  mkdirSync(store.databaseDirectory, { recursive: true });
  writeFileSync(join(store.databaseDirectory, "index.json"), text);
}

const prefixIn = (store: Store) => (node: SpecNode) => {
  return `${expected.records.get(node.hash)?.path}`.replace("/tmp/b/opt", store.root);
};

describe("registerInstalls", () => {
  it("makes the database that Spack made, with all the files around it", async () => {
    const store = storeAt(temporaryDirectory());
    for (const { spec, installed } of expected.records.values()) {
      if (installed && spec.external === undefined) install(store, spec);
    }
    const additions = [...expected.records.values()]
      .filter(({ installed, spec }) => installed && spec.external === undefined)
      .map(({ spec, explicit }) => ({ hash: spec.hash, explicit }));
    const before = Date.now() / 1000;
    await registerInstalls(store, { graph: expected.graph, additions, prefixOf: prefixIn(store) }, { locks });

    const database = await readInstallDatabase(store);
    expect(database.records.size).toBe(22);
    for (const [hash, record] of database.records) {
      const wanted = expected.records.get(hash);
      expect(record.installationTime).toBeGreaterThanOrEqual(before);
      expect({
        ...record,
        installationTime: 0,
        path: record.path?.replace(store.root, "/tmp/b/opt"),
      }).toEqual({
        ...wanted,
        installationTime: 0,
      });
    }

    const files = readdirSync(store.databaseDirectory).sort();
    expect(files).toEqual([
      "failures",
      "index.json",
      "index_verifier",
      "lock",
      "prefix_failures",
      "prefix_lock",
    ]);
    expect(readFileSync(join(store.databaseDirectory, "index_verifier"), "utf8")).toMatch(/^[0-9a-f-]{36}$/);
    expect(statSync(join(store.databaseDirectory, "prefix_lock")).size).toBe(0);
  });

  it("keeps the path that the database has for a spec", async () => {
    const store = storeAt(temporaryDirectory());
    const node = [...expected.graph.values()].find((item) => item.name === "data-lite") as SpecNode;
    install(store, node);
    const registration = { graph: expected.graph, additions: [{ hash: node.hash, explicit: false }] };
    await registerInstalls(store, { ...registration, prefixOf: prefixIn(store) }, { locks });
    const again = await registerInstalls(store, { ...registration, prefixOf: () => "/elsewhere" }, { locks });
    expect(again.records.get(node.hash)).toMatchObject({
      path: prefixIn(store)(node),
      installed: true,
      refCount: 0,
    });
  });
});

describe("updateInstallDatabase", () => {
  it("does not lose concurrent changes, and changes the verifier with each", async () => {
    const store = storeAt(temporaryDirectory());
    const records = [...expected.records];
    const verifiers = new Set<string>();
    await Promise.all(
      records.map((record) =>
        updateInstallDatabase(store, { locks }, (database) => {
          const verifier = join(store.databaseDirectory, "index_verifier");
          if (existsSync(verifier)) verifiers.add(readFileSync(verifier, "utf8"));
          return { ...database, records: new Map([...database.records, record]) };
        }),
      ),
    );
    expect((await readInstallDatabase(store)).records.size).toBe(22);
    expect(verifiers.size).toBe(21);
  });

  it.each(["5", "6", "9", "0.9.3"])("leaves a database of version %s as it is", async (version) => {
    const store = storeAt(temporaryDirectory());
    const text = `{"database": {"version":"${version}","installs":{}}}`;
    writeIndex(store, text);
    let changes = 0;
    const update = updateInstallDatabase(store, { locks }, (database) => {
      changes += 1;
      return database;
    });
    await expect(update).rejects.toMatchObject({
      code: "ERR_DATABASE_VERSION",
      place: join(store.databaseDirectory, "index.json"),
    });
    expect(changes).toBe(0);
    expect(readFileSync(join(store.databaseDirectory, "index.json"), "utf8")).toBe(text);
    expect(readdirSync(store.databaseDirectory)).not.toContain("index_verifier");
  });

  it("keeps version 7, and gives version 8 to a new store", async () => {
    const node = readNode(version4Nodes.get("b".repeat(32)) as JsonObject, 4);
    for (const version of [7, 8]) {
      const store = storeAt(temporaryDirectory());
      if (version === 7) writeIndex(store, '{"database":{"version":"7","installs":{}}}');
      await registerInstalls(
        store,
        {
          graph: new Map([[node.hash, node]]),
          additions: [{ hash: node.hash, explicit: true }],
          prefixOf: () => join(store.root, "libb"),
        },
        { locks },
      );
      const text = readFileSync(join(store.databaseDirectory, "index.json"), "utf8");
      expect(text).toContain(`{"database":{"version":"${version}"`);
      expect(text.includes('"compiler":{"name":"gcc","version":"12.2.0"}')).toBe(version === 7);
      expect(text.includes('"annotations":{"original_specfile_version":4')).toBe(version === 8);
    }
  });

  it("does not add unsupported specs to version 7", async () => {
    const store = storeAt(temporaryDirectory());
    const text = '{"database":{"version":"7","installs":{}}}';
    writeIndex(store, text);
    const node = [...expected.graph.values()].find((item) => item.name === "data-lite") as SpecNode;
    const additions = [{ hash: node.hash, explicit: true }];
    await expect(
      registerInstalls(store, { graph: expected.graph, additions, prefixOf: prefixIn(store) }, { locks }),
    ).rejects.toMatchObject({
      code: "ERR_DATABASE_TOO_OLD",
      place: join(store.databaseDirectory, "index.json"),
    });
    expect(readFileSync(join(store.databaseDirectory, "index.json"), "utf8")).toBe(text);
    expect(readdirSync(store.databaseDirectory).sort()).toEqual([
      "failures",
      "index.json",
      "lock",
      "prefix_failures",
      "prefix_lock",
    ]);
  });
});

describe("isInstalled", () => {
  it("looks for a prefix with the very spec", async () => {
    const store = storeAt(temporaryDirectory());
    const node = [...expected.graph.values()].find((item) => item.name === "data-lite") as SpecNode;
    const prefix = prefixIn(store)(node);
    expect(await isInstalled(prefix, node.hash)).toBe(false);
    install(store, node);
    expect(await isInstalled(prefix, node.hash)).toBe(true);
    expect(await isInstalled(prefix, "another")).toBe(false);
    expect(await isInstalled(join(prefix, ".spack", "spec.json"), node.hash)).toBe(false);
    writeFileSync(join(prefix, ".spack", "spec.json"), "{");
    expect(await isInstalled(prefix, node.hash)).toBe(false);
  });
});
