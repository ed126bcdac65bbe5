// This project installs what Spack pushes, as another Spack would.

import { rmSync } from "node:fs";
import { storeAt } from "@spack-oci/spack-store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { readJson } from "../support/fixtures.js";
import { readRecords } from "./support/database.js";
import { describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, SAMPLE_PADDING, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry, tlsProducts } from "./support/tls-registry.js";

type Database = { database: { installs: Record<string, { spec: { external?: object } }> } };

/** Spack cannot replace a path by one of the same length that ends differently. */
const SHORTER_PADDING = 100;

describeWithSpack.each(tlsProducts)("this project, with a buildcache pushed by Spack on %s", (product) => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let mirror: string;

  beforeAll(async () => {
    registry = await startTlsRegistry(product);
    mirror = registry.location("mochi-hpc/buildcache");
    const producer = await Spack.create({
      root: extractSampleStore(),
      paddedLength: SAMPLE_PADDING,
      mirror,
      authority: registry.authority,
    });
    const { installs } = readJson<Database>("producer/spack-db-index.json").database;
    const packages = Object.keys(installs).filter((hash) => installs[hash]?.spec.external === undefined);
    const hashes = packages.map((hash) => `/${hash}`);
    await producer.do("buildcache", "push", "--unsigned", "--update-index", "mochi", ...hashes);
  });
  afterAll(() => registry.stop());

  const ours = (...args: string[]) => spackOci(args, { environment: { SSL_CERT_FILE: registry.authority } });

  it("lists it", async () => {
    expect((await ours("list", mirror, "--json")).json<unknown[]>()).toHaveLength(20);
  });

  it("installs the same tree from it as Spack", async () => {
    const spack = await Spack.create({ root, mirror, authority: registry.authority });
    await spack.do("-e", spack.environment, "install", "--cache-only");
    const expected = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    rmSync(root, { recursive: true });

    expect(await ours("pull", mirror, "--root", root)).toMatchObject({ status: 0 });
    const found = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    const more = Object.keys(found).filter((prefix) => expected[prefix] === undefined);
    const asked = Object.entries(found).filter(([prefix]) => !more.includes(prefix));
    expect(Object.fromEntries(asked)).toEqual(expected);
    // Spack leaves build tools out; a pull of everything includes them.
    expect(more.map((prefix) => /([^/]*)-[^-]*-[^-]*$/.exec(prefix)?.[1]).sort()).toEqual([
      "build-tool-lite",
      "compiler-wrapper",
    ]);
  });

  it("installs it like Spack into a padded tree with custom paths and permissions", async () => {
    const padded = storeAt(root, SHORTER_PADDING).root;
    const settings = [
      "config:install_tree:projections:all:'{architecture.target}/{name}/{version}-{hash:10}'",
      "config:install_tree:projections:margo-lite:'{name}-{hash}'",
      "packages:all:permissions:read:group",
      "packages:all:permissions:write:group",
      "packages:all:permissions:group:daemon",
      "packages:json-c-lite:permissions:read:user",
      "packages:json-c-lite:permissions:write:user",
    ].flatMap((setting) => ["-c", setting]);
    const newSpack = () =>
      Spack.create({ root, paddedLength: SHORTER_PADDING, mirror, authority: registry.authority });
    rmSync(root, { recursive: true, force: true });
    const spack = await newSpack();
    await spack.do(...settings, "-e", spack.environment, "install", "--cache-only");
    const expected = describeStore(padded, [INSTALL_TIMES, INSTALL_MANIFEST]);
    const records = readRecords(padded);
    rmSync(root, { recursive: true });

    const other = await newSpack();
    const pull = await other.ours(...settings, "-e", other.environment, "pull", "mochi");
    expect(pull).toMatchObject({ status: 0 });
    expect(describeStore(padded, [INSTALL_TIMES, INSTALL_MANIFEST])).toEqual(expected);
    expect(Object.keys(expected)).toHaveLength(18);
    expect(readRecords(padded)).toEqual(records);
    expect(await other.do(...settings, "verify", "manifest", "margo-lite", "json-c-lite")).toBe("");
  });
});
