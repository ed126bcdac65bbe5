// Rebuilding a store's database from its prefixes.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";

type Installs = Record<string, Record<string, unknown>>;

const directory = scratchDirectory("reindex");
let stores = 0;
let root: string;

beforeEach(async () => {
  stores += 1;
  root = join(directory, String(stores));
  const layout = `oci-layout:${fixture("oci-layout-main")}`;
  expect(await spackOci(["pull", layout, "json-c-lite", "--root", root])).toMatchObject({ status: 0 });
});

const index = () => join(root, ".spack-db/index.json");
const installs = () =>
  (JSON.parse(readFileSync(index(), "utf8")) as { database: { installs: Installs } }).database.installs;
const reindex = () => spackOci(["reindex", "--store", root, "--json"]);

it("changes nothing in a correct database", async () => {
  const before = installs();
  const run = await reindex();
  expect(run).toMatchObject({ status: 0 });
  expect(run.json()).toMatchObject({ found: 2, added: [], missing: [], previousVersion: 8 });
  for (const [hash, record] of Object.entries(before)) {
    // The prefix of a package that is not installed is not recorded, as in Spack.
    const path = record["installed"] === true ? record["path"] : null;
    expect(installs()[hash]).toEqual({ ...record, path });
  }
});

it("restores a lost or broken database", async () => {
  const before = installs();
  for (const spoil of [() => rmSync(index()), () => writeFileSync(index(), '{"database": {')]) {
    spoil();
    const run = await reindex();
    expect(run.status).toBe(0);
    expect(
      run
        .json<{ added: { name: string }[] }>()
        .added.map(({ name }) => name)
        .sort(),
    ).toEqual(["gcc-runtime", "json-c-lite"]);
    expect(Object.keys(installs()).sort()).toEqual(Object.keys(before).sort());
  }
});

it("marks missing packages, and a pull reinstalls them", async () => {
  const [hash, record] = Object.entries(installs()).find(
    ([, { spec }]) => (spec as { name: string }).name === "json-c-lite",
  ) ?? ["", {}];
  rmSync(String(record["path"]), { recursive: true });
  const run = await reindex();
  expect(run.json<{ missing: { name: string }[] }>().missing).toMatchObject([{ name: "json-c-lite" }]);
  expect(installs()[hash]).toMatchObject({ installed: false });
  const layout = `oci-layout:${fixture("oci-layout-main")}`;
  const pull = await spackOci(["pull", layout, "json-c-lite", "--root", root, "--json"]);
  expect(pull.json<{ pulled: { name: string }[] }>().pulled).toMatchObject([{ name: "json-c-lite" }]);
  expect(installs()[hash]).toMatchObject({ installed: true });
});
