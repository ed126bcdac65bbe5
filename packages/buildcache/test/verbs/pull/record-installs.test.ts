// Records of installs that finish together, with a database that can be written and one that cannot.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { parseSpecDocument, type SpecNode } from "@spack-oci/spack-spec";
import { loadFileLocks, readInstallDatabase, storeAt } from "@spack-oci/spack-store";
import { expect, it } from "vitest";
import { fixture } from "../../../../../tests/support/fixtures.js";
import { scratchDirectory } from "../../../../../tests/support/scratch.js";
import type { Listener } from "../../../src/events/events.js";
import { InstallRecorder } from "../../../src/verbs/pull/record-installs.js";

const scratch = scratchDirectory("record");
const locks = await loadFileLocks();
const documents = readdirSync(fixture("producer/specs")).map((name) => {
  const file = fixture(`producer/specs/${name}`);
  return { file, ...parseSpecDocument(readFileSync(file, "utf8"), file) };
});
const graph = new Map<string, SpecNode>();
for (const document of documents) for (const [hash, node] of document.graph) graph.set(hash, node);

/** A store with all prefixes, and a recorder that counts its writes. */
function newStore(listener?: Listener) {
  const store = storeAt(mkdtempSync(join(scratch, "store-")));
  const prefixOf = (node: SpecNode) => join(store.root, node.hash);
  for (const { file, root } of documents) {
    mkdirSync(join(prefixOf(root), ".spack"), { recursive: true });
    cpSync(file, join(prefixOf(root), ".spack", "spec.json"));
  }
  let writes = 0;
  const counting: typeof locks = {
    honoredBySpack: locks.honoredBySpack,
    acquire(...args) {
      writes += 1;
      return locks.acquire(...args);
    },
  };
  const recorder = new InstallRecorder(store, {
    graph,
    prefixOf,
    isUpstream: () => false,
    locks: counting,
    listener,
  });
  return { store, recorder, prefixOf, writes: () => writes };
}

it("combines records that arrive during a write into one further write", async () => {
  const { store, recorder, writes } = newStore();
  const additions = documents.map(({ root }, index) => ({ hash: root.hash, explicit: index % 2 === 0 }));
  await Promise.all(additions.map((addition) => recorder.record(addition)));
  expect(writes()).toBeLessThanOrEqual(2);
  const { records } = await readInstallDatabase(store);
  for (const { hash, explicit } of additions) {
    expect(records.get(hash)).toMatchObject({ installed: true, explicit });
  }
});

it("waits for more records after a write, unless it has to flush", async () => {
  const { store, recorder, writes } = newStore();
  const [first, ...others] = documents.map(({ root }) => ({ hash: root.hash, explicit: true }));
  if (first === undefined) throw new Error("no specs");
  await recorder.record(first);
  const recorded = others.map(async (addition, index) => {
    for (let turn = 0; turn < index; turn += 1) await setImmediate();
    await recorder.record(addition);
  });
  for (const _ of others) await setImmediate();
  recorder.flush();
  await Promise.all(recorded);
  expect(writes()).toBe(2);
  const { records } = await readInstallDatabase(store);
  for (const { hash } of others) expect(records.get(hash)?.installed).toBe(true);
});

it("resolves only once the record is in the database", async () => {
  const { store, recorder } = newStore();
  for (const { root } of documents.slice(0, 3)) {
    await recorder.record({ hash: root.hash, explicit: false });
    expect((await readInstallDatabase(store)).records.get(root.hash)?.installed).toBe(true);
  }
});

it("marks packages as explicit, and keeps their install times", async () => {
  const { store, recorder, writes } = newStore();
  const hash = documents[0]?.root.hash ?? "";
  await recorder.record({ hash, explicit: false });
  const before = (await readInstallDatabase(store)).records.get(hash);
  await recorder.markExplicit([hash, "unknown"]);
  expect((await readInstallDatabase(store)).records.get(hash)).toEqual({ ...before, explicit: true });
  const sofar = writes();
  await recorder.markExplicit([]);
  expect(writes()).toBe(sofar);
});

it("fails permanently once the database cannot be written", async () => {
  const { store, recorder } = newStore();
  mkdirSync(join(store.databaseDirectory, "index.json"), { recursive: true });
  const [first, second] = documents.map(({ root }) => ({ hash: root.hash, explicit: true }));
  if (first === undefined || second === undefined) throw new Error("no specs");
  await expect(recorder.record(first)).rejects.toMatchObject({ code: "ERR_DATABASE_FILE" });
  await expect(recorder.record(second)).rejects.toMatchObject({ code: "ERR_DATABASE_FILE" });
});

it("warns about dependencies that were removed meanwhile", async () => {
  const warnings: string[] = [];
  const { recorder, prefixOf } = newStore((event) => {
    if (event.type === "warning") warnings.push(event.message);
  });
  const { root: dependent } = documents.find(
    ({ root }) => root.name === "margo-lite",
  ) as (typeof documents)[0];
  const dependencies = dependent.dependencies.map(({ hash }) => graph.get(hash) as SpecNode);
  const removed = dependencies.find(({ name }) => name === "json-c-lite") as SpecNode;
  rmSync(prefixOf(removed), { recursive: true });
  await recorder.record({ hash: dependent.hash, explicit: true });
  expect(warnings).toEqual([
    expect.stringMatching(/^json-c-lite@.*, a dependency of margo-lite@.*, is no longer in the store/),
  ]);
});
