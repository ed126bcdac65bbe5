// The rebuilt database matches that of `spack reindex`.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ProcessLocks } from "../../src/locks/process-locks.js";
import { reindexStore } from "../../src/store/reindex.js";
import { type Store, storeAt } from "../../src/store/store.js";
import { unpackProducerStore } from "../support/install-tree.js";
import { temporaryDirectory } from "../support/temporary.js";

interface RawRecord {
  readonly spec: { readonly name: string; readonly dependencies?: readonly { readonly hash: string }[] };
  readonly ref_count: number;
  readonly path: string | null;
  readonly installed: boolean;
  readonly explicit: boolean;
  readonly installation_time: number;
  readonly deprecated_for: string | null;
}

interface Raw {
  readonly database: { readonly version: string; readonly installs: Record<string, RawRecord> };
}

const locks = new ProcessLocks();
const argobots = "qei4a2elhjoy5ika5tszegesixq6acir";
const newerArgobots = "n3c43quyc4siknfn76dkjqxnyqjgrmix";
const margo = "cd2e4nf3k3sw2czder5ycghwcpmmvl4k";
const wrapper = "jrtxylmzw232laxox2s5a5wkhr7skrim";

/** The whole store of the producer, and copies of it in which the prefixes hold nothing but their specs. */
let producer: Awaited<ReturnType<typeof unpackProducerStore>>;
let store: Store;
let original: Raw;
let index: string;

beforeAll(async () => {
  producer = await unpackProducerStore();
});

beforeEach(() => {
  store = storeAt(temporaryDirectory());
  index = join(store.databaseDirectory, "index.json");
  mkdirSync(store.databaseDirectory);
  writeFileSync(join(store.databaseDirectory, "index_verifier"), "old");
  const text = producer.database.replaceAll(producer.store.root, store.root);
  writeFileSync(index, text);
  original = JSON.parse(text) as Raw;
  for (const [hash, { path, spec }] of Object.entries(original.database.installs)) {
    if (path === null || "external" in spec) continue;
    const specFile = join(prefixOf(hash), ".spack", "spec.json");
    mkdirSync(dirname(specFile), { recursive: true });
    cpSync(specFile.replace(store.root, producer.store.root), specFile);
  }
});

const read = (path = index) => JSON.parse(readFileSync(path, "utf8")) as Raw;
const prefixOf = (hash: string) => original.database.installs[hash]?.path as string;
const reindex = () => reindexStore(store, { locks });

/** What Spack makes of the store without a database: everything explicit, and as old as its prefix. */
function withoutHistory(since: number): Raw {
  const expected = structuredClone(original) as { database: { installs: Record<string, RawRecord> } };
  for (const [hash, record] of Object.entries(expected.database.installs)) {
    const isExternal = "external" in record.spec;
    expected.database.installs[hash] = {
      ...record,
      explicit: !isExternal,
      installation_time: expect.closeTo(
        isExternal ? since : statSync(record.path as string).ctimeMs / 1000,
        isExternal ? -2 : 3,
      ) as number,
    };
  }
  return expected as Raw;
}

describe("reindexStore", () => {
  it("does not change Spack's database of a padded store", async () => {
    const { store: whole, database } = producer;
    writeFileSync(join(whole.databaseDirectory, "index.json"), database);
    await reindexStore(whole, { locks });
    expect(read(join(whole.databaseDirectory, "index.json"))).toEqual(JSON.parse(database));
  });

  it("does not change a correct database, except for its verifier", async () => {
    const text = readFileSync(index, "utf8");
    const result = await reindex();
    expect(read()).toEqual(original);
    expect(readFileSync(join(store.databaseDirectory, "index_verifier"), "utf8")).toMatch(/^[0-9a-f-]{36}$/);
    expect(readFileSync(`${index}.bkp`, "utf8")).toBe(text);
    expect(readdirSync(store.databaseDirectory).filter((name) => name.endsWith(".temp"))).toEqual([]);
    expect(result).toMatchObject({ added: [], missing: [], unreadable: [], previousVersion: 8 });
    expect(result.backup).toBe(`${index}.bkp`);
    expect(result.found).toHaveLength(20);
  });

  it.each([
    ["no database", undefined],
    ["a truncated one", (text: string) => text.slice(0, 20_000)],
    ["an empty one", () => ""],
    ["version 5", (text: string) => text.replace('"version":"8"', '"version":"5"')],
    ["version 0.9.3", (text: string) => text.replace('"version":"8"', '"version":"0.9.3"')],
  ])("builds the database from the prefixes alone if there is %s", async (_, damage) => {
    const damaged = damage?.(readFileSync(index, "utf8"));
    if (damaged === undefined) rmSync(index);
    else writeFileSync(index, damaged);
    const result = await reindex();
    expect(read()).toEqual(withoutHistory(Date.now() / 1000));
    expect(result.added).toHaveLength(20);
    expect(result.backup && readFileSync(result.backup, "utf8")).toBe(damaged);
    expect(result.missing).toEqual([]);
  });

  it.each(["9", "8.1", "10"])("leaves a database of version %s as it is", async (version) => {
    const text = readFileSync(index, "utf8").replace('"version":"8"', `"version":"${version}"`);
    writeFileSync(index, text);
    await expect(reindex()).rejects.toMatchObject({ code: "ERR_DATABASE_VERSION", place: index });
    expect(readFileSync(index, "utf8")).toBe(text);
    expect(readFileSync(join(store.databaseDirectory, "index_verifier"), "utf8")).toBe("old");
    expect(existsSync(`${index}.bkp`)).toBe(false);
  });

  it("finds prefixes anywhere, and reports missing ones", async () => {
    const moved = join(store.root, "else", "where", "margo");
    mkdirSync(dirname(moved), { recursive: true });
    renameSync(prefixOf(margo), moved);
    rmSync(prefixOf(wrapper), { recursive: true });
    const result = await reindex();
    const expected = structuredClone(original) as { database: { installs: Record<string, RawRecord> } };
    const { installs } = expected.database;
    installs[margo] = { ...(installs[margo] as RawRecord), path: moved };
    // Spack does not say where a package would be that is not there.
    installs[wrapper] = { ...(installs[wrapper] as RawRecord), path: null, installed: false };
    expect(read()).toEqual(expected);
    expect(result.missing.map(({ spec }) => spec.name)).toEqual(["compiler-wrapper"]);
    expect(result.found).toHaveLength(19);
  });

  it("recounts references, and keeps what only the database records", async () => {
    const text = readFileSync(index, "utf8")
      .replaceAll(/"ref_count":\d+/g, '"ref_count":99')
      .replaceAll('"explicit":true', '"explicit":false')
      .replaceAll('"deprecated_for":null}', '"deprecated_for":null,"origin":"external-db"}');
    writeFileSync(index, text);
    await reindex();
    for (const [hash, record] of Object.entries(read().database.installs)) {
      expect(record).toEqual({
        ...(original.database.installs[hash] as RawRecord),
        explicit: false,
        origin: "external-db",
      });
    }
  });

  it("knows which specs others have taken the place of", async () => {
    const deprecated = join(prefixOf(newerArgobots), ".spack", "deprecated");
    mkdirSync(deprecated);
    renameSync(join(prefixOf(argobots), ".spack", "spec.json"), join(deprecated, `${argobots}_spec.json`));
    rmSync(prefixOf(argobots), { recursive: true });
    symlinkSync(prefixOf(newerArgobots), prefixOf(argobots));
    rmSync(index);
    await reindex();
    const { installs } = read().database;
    expect(installs[argobots]).toMatchObject({
      installed: false,
      path: null,
      deprecated_for: newerArgobots,
    });
    expect(installs[newerArgobots]?.ref_count).toBe(
      (original.database.installs[newerArgobots] as RawRecord).ref_count + 1,
    );
  });

  it("records nothing that an upstream store has a record of, and does not touch that store", async () => {
    const downstream = storeAt(temporaryDirectory());
    cpSync(prefixOf(margo), join(downstream.root, "margo"), { recursive: true, verbatimSymlinks: true });
    const before = readFileSync(index, "utf8");
    const files = readdirSync(store.databaseDirectory);
    const result = await reindexStore(downstream, { locks, upstreams: [store] });
    expect([...result.database.records.keys()]).toEqual([margo]);
    expect(readFileSync(index, "utf8")).toBe(before);
    expect(readdirSync(store.databaseDirectory)).toEqual(files);

    const alone = await reindexStore(downstream, { locks });
    expect(alone.added).toEqual([]);
    for (const { hash } of alone.database.graph.get(margo)?.dependencies ?? []) {
      expect(alone.database.records.get(hash)).toMatchObject({ explicit: false });
    }
    expect(alone.database.records.size).toBeGreaterThan(5);
  });

  it("skips staging directories, and does not mistake a copy for the original", async () => {
    const staging = join(dirname(prefixOf(margo)), `.spack-oci-${margo}.host.12`);
    cpSync(prefixOf(margo), staging, { recursive: true, verbatimSymlinks: true });
    cpSync(prefixOf(wrapper), join(store.root, "zz"), { recursive: true, verbatimSymlinks: true });
    cpSync(prefixOf(wrapper), join(store.root, "00"), { recursive: true, verbatimSymlinks: true });
    await reindex();
    expect(read()).toEqual(original);
  });

  it("reports unreadable specs, and continues", async () => {
    const broken = join(prefixOf(margo), ".spack", "spec.json");
    writeFileSync(broken, '{"spec":');
    const result = await reindex();
    expect(result.unreadable).toEqual([
      { path: broken, error: expect.objectContaining({ code: "ERR_JSON_SYNTAX" }) as Error },
    ]);
    expect(result.missing.map(({ spec }) => spec.hash)).toEqual([margo]);
    expect(result.found).toHaveLength(19);
  });

  it("reads the YAML of old prefixes", async () => {
    const metadata = join(prefixOf(wrapper), ".spack");
    renameSync(join(metadata, "spec.json"), join(metadata, "spec.yaml"));
    expect(await reindex()).toMatchObject({ missing: [], unreadable: [] });
    expect(read()).toEqual(original);

    writeFileSync(join(metadata, "spec.yaml"), "spec: [*nowhere");
    expect(await reindex()).toMatchObject({ unreadable: [{ error: { code: "ERR_SPEC_FILE" } }] });
  });

  it("waits for the database lock, and then gives up", async () => {
    const held = await locks.acquire(join(store.databaseDirectory, "lock"), {
      range: { start: 0n, length: 0n },
      mode: "exclusive",
    });
    const before = readFileSync(index, "utf8");
    await expect(reindexStore(store, { locks, timeoutSeconds: 0.1 })).rejects.toMatchObject({
      code: "ERR_LOCK_TIMEOUT",
    });
    await held.release();
    expect(readFileSync(index, "utf8")).toBe(before);
    expect(existsSync(`${index}.bkp`)).toBe(false);
  });
});
