// What the README promises holds for stores with odd contents: pushes and pulls equal those of a real Spack.

import { rmSync } from "node:fs";
import { createRegistryClient, openTarget, type TagLister, type Target } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { portableEnvironment } from "../support/image-environment.js";
import { configOf, packageTagsOf } from "../support/images.js";
import { readRecords } from "./support/database.js";
import { BUILD_INFO, describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { makeOddStore, type OddStore } from "./support/odd-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack, type SpackRun } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

describeWithSpack("a store of odd contents", () => {
  let registry: TlsRegistry;
  let store: OddStore;
  let theirs: SpackRun;
  let ours: Pick<SpackRun, "status" | "stdout" | "stderr">;

  const open = (repository: string) => {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    return openTarget(registry.location(repository), { client }) as Target & TagLister;
  };

  beforeAll(async () => {
    registry = await startTlsRegistry();
    store = await makeOddStore(registry.authority);
    const { spack, settings, packages } = store;
    const push = (repository: string) => [
      ...[
        "push",
        "--unsigned",
        "--update-index",
        registry.location(repository),
        ...packages.map(({ hash }) => `/${hash}`),
      ],
    ];
    theirs = await spack.run(...settings, "buildcache", ...push("theirs"));
    ours = await spack.ours(...settings, ...push("ours"));
  });
  afterAll(() => registry.stop());

  /** What the configs of all packages hold, by tag. */
  async function configsIn(repository: string, describe: (config: Record<string, unknown>) => unknown) {
    const target = open(repository);
    const tags = await packageTagsOf(target);
    const entries = tags.map(async (tag) => [tag, describe(await configOf(target, tag))] as const);
    return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
  }

  it("is pushed apart from what is deprecated, which is an error", () => {
    expect(theirs.stderr).toContain("package not installed");
    expect(theirs.status).toBe(1);
    expect(ours.stdout).toContain("libfabric-lite@1.21.1/y3ylaj5 is not installed and was not pushed.");
    expect(ours.status).toBe(1);
  });

  it("is pushed as the same layers and specs", async () => {
    const describe = (config: Record<string, unknown>) => ({
      rootfs: config["rootfs"],
      spec: JSON.stringify(config["spec"]),
      environment: portableEnvironment(config).filter((entry) => !entry.startsWith("BEDROCK_")),
    });
    const expected = await configsIn("theirs", describe);
    const found = await configsIn("ours", describe);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    expect(found).toEqual(expected);
  });

  it("has an external, for which nothing is pushed, without an error", async () => {
    const { spack, settings } = store;
    const push = [...settings, "push", "--unsigned", registry.location("external"), "gcc"];
    const theirs = await spack.run(...settings, "buildcache", ...push.slice(settings.length));
    expect(theirs.status).toBe(0);
    const run = await spack.ours(...push);
    expect(run.stderr).toContain("gcc@12.2.0/72bgxsy is external, and is not pushed.");
    expect(run.status).toBe(0);
  });

  /** The packages that do not need the deprecated one, which is in no buildcache. */
  const complete = () => store.packages.filter(({ name }) => name !== "mercury-lite");

  /** Installs packages with Spack, and removes the store again. @returns what it was */
  async function installedBySpack(settings: readonly string[]) {
    const root = shortRoot();
    const mirror = registry.location("theirs");
    const spack = await Spack.create({ root, mirror, authority: registry.authority });
    const files = complete().map(({ specFile }) => specFile);
    await spack.do(...settings, "-c", "concretizer:unify:false", "install", "--cache-only", ...files);
    const trees = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST, BUILD_INFO]);
    const records = readRecords(root);
    rmSync(root, { recursive: true });
    return { trees, records, spack, root };
  }

  let installed: ReturnType<typeof installedBySpack> | undefined;
  const withoutUpstream = () => {
    installed ??= installedBySpack([]);
    return installed;
  };

  function expectTrees(root: string, expected: ReturnType<typeof describeStore>) {
    const found = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST, BUILD_INFO]);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [prefix, tree] of Object.entries(expected)) expect(found[prefix], prefix).toEqual(tree);
  }

  it.each([
    ["", false],
    [" beside an upstream", true],
  ])("is pulled as the same trees and records%s", async (_where, hasUpstream) => {
    const settings = hasUpstream ? store.settings : [];
    const installed = hasUpstream ? installedBySpack(settings) : withoutUpstream();
    const { trees, records, spack, root } = await installed;
    expect(Object.keys(trees)).toHaveLength(hasUpstream ? 14 : 16);
    const hashes = complete().map(({ hash }) => `/${hash}`);
    expect(await spack.ours(...settings, "pull", "mochi", ...hashes)).toMatchObject({ status: 0 });
    expectTrees(root, trees);
    expect(readRecords(root)).toEqual(records);
    expect(await spack.do(...settings, "verify", "manifest", ...hashes)).toBe("");
    rmSync(root, { recursive: true });
  });

  it("is rejected by a longer root, which leaves nothing of the package", async () => {
    const root = `${store.root}/${"longer/".repeat(20)}`;
    const run = await store.spack.ours("pull", registry.location("theirs"), "json-c-lite", "--root", root);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/share\/odd\/[^:]+: .* has no room for the longer/);
    expect(run.stderr).toMatch(/and [1-9]\d* more such strings/);
    expect(Object.keys(describeStore(root.replace(/\/$/, ""), []))).toEqual([
      expect.stringContaining("/gcc-runtime-"),
    ]);
    rmSync(root, { recursive: true });
  });

  it("is the same after it was relocated by a push", async () => {
    const { trees, spack, root } = await withoutUpstream();
    const { settings } = store;
    const hashes = complete().map(({ hash }) => `/${hash}`);
    const mirror = registry.location("relocated");
    const push = [...settings, "push", "--relocate-to", root, mirror, ...hashes];
    expect(await store.spack.ours(...push)).toMatchObject({ status: 0 });
    expect(await spack.ours("pull", mirror, ...hashes)).toMatchObject({ status: 0 });
    expectTrees(root, trees);
  });
});
