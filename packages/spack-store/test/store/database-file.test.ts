// A store that no Spack manages gets a database that Spack reads.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDatabase } from "../../src/database/read-database.js";
import { formatSpecDocument } from "../../src/spec/document.js";
import type { SpecNode } from "../../src/spec/node.js";
import { readInstallDatabase, updateInstallDatabase } from "../../src/store/database-file.js";
import { isInstalled, registerInstalls } from "../../src/store/installed.js";
import { ProcessLocks } from "../../src/store/process-locks.js";
import { type Store, storeAt } from "../../src/store/store.js";
import { readFixture } from "../support/fixtures.js";
import { temporaryDirectory } from "../support/temporary.js";

const locks = new ProcessLocks();
const expectedName = "spack-1.2/expected-B.spack-db-index.json";
const expected = parseDatabase(readFixture(expectedName), expectedName);

function install(store: Store, node: SpecNode): void {
  const metadata = join(prefixIn(store)(node), ".spack");
  mkdirSync(metadata, { recursive: true });
  writeFileSync(join(metadata, "spec.json"), formatSpecDocument(expected.graph, node));
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
  it("loses no change when many come at once, and changes the verifier with each", async () => {
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

  it("leaves the database of an older Spack as it is", async () => {
    const store = storeAt(temporaryDirectory());
    const text = '{"database":{"version":"7","installs":{}}}';
    mkdirSync(store.databaseDirectory);
    writeFileSync(join(store.databaseDirectory, "index.json"), text);
    await expect(updateInstallDatabase(store, { locks }, (database) => database)).rejects.toMatchObject({
      code: "ERR_DATABASE_VERSION",
      place: join(store.databaseDirectory, "index.json"),
    });
    expect(readFileSync(join(store.databaseDirectory, "index.json"), "utf8")).toBe(text);
    expect(readdirSync(store.databaseDirectory)).not.toContain("index_verifier");
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
