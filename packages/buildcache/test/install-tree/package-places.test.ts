// Prefixes in images of a buildcache with an install tree, and the directories on disk behind them.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseOf, type InstallRecord } from "@spack-oci/spack-store";
import { afterAll, expect, it } from "vitest";
import { installTree } from "../../src/install-tree/install-tree.js";
import { packagePlaces } from "../../src/install-tree/package-places.js";
import { fixtureSpecs } from "../support/image.js";

const store = mkdtempSync(join(tmpdir(), "spack-oci-places-"));
afterAll(() => rmSync(store, { recursive: true }));

const [document] = [...(await fixtureSpecs()).values()].filter(({ root }) => root.name === "margo-lite");
if (document === undefined) throw new Error("margo-lite is missing");
const { root: node, graph } = document;
const external = [...graph.values()].find((each) => each.external !== undefined);
const record: InstallRecord = {
  spec: node,
  path: `${store}/margo`,
  installed: true,
  explicit: true,
  installationTime: 0,
  deprecatedFor: null,
  refCount: 0,
};
const database = { ...databaseOf(new Map([[node.hash, record]])), graph };
const relocated = `/opt/spack/linux-x86_64_v3/margo-lite-${node.version}-${node.hash}`;

it("are those on disk without a tree", async () => {
  const { prefixOf, isDirectory, moved } = packagePlaces(database, undefined);
  expect(prefixOf(node)).toBe(`${store}/margo`);
  expect(external && prefixOf(external)).toBe("/usr");
  expect(await isDirectory(relocated)).toBe(false);
  expect(moved(`PATH=${store}/margo/bin`)).toBe(`PATH=${store}/margo/bin`);
});

it("are those of the tree, with their directories on disk", async () => {
  mkdirSync(`${store}/margo/bin`, { recursive: true });
  const { prefixOf, isDirectory, moved } = packagePlaces(database, installTree({ root: "/opt/spack" }));
  expect(prefixOf(node)).toBe(relocated);
  expect(external && prefixOf(external)).toBe("/usr");
  expect(await isDirectory(`${relocated}/bin`)).toBe(true);
  expect(await isDirectory(`${relocated}/lib`)).toBe(false);
  expect(moved(`PATH=${store}/margo/bin:/usr/bin=x`)).toBe(`PATH=${relocated}/bin:/usr/bin=x`);
});
