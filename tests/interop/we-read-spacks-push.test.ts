// This project installs what Spack pushes, just as another Spack would.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { readJson } from "../support/fixtures.js";
import { describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, SAMPLE_PADDING, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

type Database = { database: { installs: Record<string, { spec: { external?: object } }> } };

describeWithSpack("this project, with a buildcache that Spack pushed", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let mirror: string;

  beforeAll(async () => {
    registry = await startTlsRegistry();
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

  it("installs the tree that Spack installs from it", async () => {
    const spack = await Spack.create({ root, mirror, authority: registry.authority });
    await spack.do("-e", spack.environment, "install", "--cache-only");
    const expected = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    rmSync(root, { recursive: true });

    expect(await ours("pull", mirror, "--root", root)).toMatchObject({ status: 0 });
    const found = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    const more = Object.keys(found).filter((prefix) => expected[prefix] === undefined);
    const asked = Object.entries(found).filter(([prefix]) => !more.includes(prefix));
    expect(Object.fromEntries(asked)).toEqual(expected);
    // Spack leaves tools of the build out; a pull of everything takes what there is.
    expect(more.map((prefix) => /([^/]*)-[^-]*-[^-]*$/.exec(prefix)?.[1]).sort()).toEqual([
      "build-tool-lite",
      "compiler-wrapper",
    ]);
  });
});
