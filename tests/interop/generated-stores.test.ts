// Spack accepts the stores that the benchmark generates, and does the same work with them as this project.

import { createRegistryClient, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PADDING } from "../benchmarks/stores/pull-sample.js";
import { copySample, type GeneratedStore } from "../benchmarks/stores/sample-copies.js";
import { spackInstall } from "../benchmarks/support/surroundings.js";
import { collectAll } from "../support/collect.js";
import { describeStore } from "../support/store-tree.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

describeWithSpack("a store of copies of the sample", () => {
  let registry: TlsRegistry;
  let store: GeneratedStore;
  let spack: Spack;
  beforeAll(async () => {
    registry = await startTlsRegistry();
    store = await copySample(40, 1);
    const mirror = registry.location("generated/spack");
    const { root } = store;
    spack = await Spack.create({ root, paddedLength: PADDING, mirror, authority: registry.authority });
  });
  afterAll(() => registry?.stop());

  async function tagsIn(repository: string): Promise<string[]> {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    return (await collectAll(openTarget(registry.location(repository), { client }).tags())).sort();
  }

  it("is pushed by Spack and by this project with the same result", async () => {
    await spack.do("buildcache", "push", "--unsigned", "--update-index", "mochi", ...store.roots);
    const ours = registry.location("generated/ours");
    const push = await spack.ours("push", ours, "--store", store.root, "--update-index");
    expect(push).toMatchObject({ status: 0 });
    const tags = await tagsIn("generated/ours");
    expect(tags).toHaveLength(store.packages + 1);
    expect(await tagsIn("generated/spack")).toEqual(tags);
  });

  it("is installed by Spack and by this project with the same result", async () => {
    const root = shortRoot();
    const { authority } = registry;
    const mirror = registry.location("generated/spack");
    const consumer = await Spack.create({ root, mirror, authority });
    await consumer.do(...spackInstall(store.specFiles));
    const theirs = describeStore(root);
    const ours = shortRoot();
    const pull = await spack.ours("pull", "--allarch", mirror, ...store.roots, "--root", ours);
    expect(pull).toMatchObject({ status: 0 });
    expect([...describeStore(ours).keys()]).toEqual([...theirs.keys()]);
    expect(theirs.size).toBeGreaterThan(store.packages / 2);
  });
});
