// Spack can read an index merged by several pushes, and would have written the same one.

import { createRegistryClient, fetchBytes, fetchManifest, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";
import { describeWithSpack, SAMPLE_PADDING, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

describeWithSpack("an index merged by several pushes", () => {
  let registry: TlsRegistry;
  let spack: Spack;
  let mirror: string;

  beforeAll(async () => {
    registry = await startTlsRegistry();
    mirror = registry.location("merged");
    spack = await Spack.create({
      root: extractSampleStore(),
      paddedLength: SAMPLE_PADDING,
      mirror,
      authority: registry.authority,
    });
  });
  afterAll(() => registry.stop());

  async function indexText(): Promise<string> {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    const target = openTarget(mirror, { client });
    const { manifest } = await fetchManifest(target, "index.spack");
    if (!("layers" in manifest) || manifest.layers[0] === undefined) throw new Error("no index");
    return (await fetchBytes(target, manifest.layers[0], { limit: 2 ** 26 })).toString();
  }

  it("can be read by Spack after each push", async () => {
    const listed: number[] = [];
    for (const spec of ["data-lite", "margo-lite", "mochi-scripts"]) {
      expect(await spack.ours("push", "mochi", spec, "--update-index")).toMatchObject({ status: 0 });
      const list = await spack.do("buildcache", "list", "-a", "-L");
      listed.push(list.match(/^[a-z2-7]{32} /gm)?.length ?? 0);
      expect(list).toContain(spec);
    }
    expect(listed).toEqual([...listed].sort((one, other) => one - other));
    expect(new Set(listed).size).toBe(3);
  });

  it("can be read by Spack once it is signed, until Spack writes it", async () => {
    const { key, pub } = writeKeys(scratchDirectory("keys"), "key");
    const before = await indexText();
    const list = await spack.do("buildcache", "list", "-a", "-L");
    expect(await spack.ours("sign", "mochi", "--key", key)).toMatchObject({ status: 0 });
    expect(await indexText()).toBe(before);
    expect(await spack.do("buildcache", "list", "-a", "-L")).toBe(list);
    expect(await spack.ours("check", "mochi", "--verify-key", pub)).toMatchObject({ status: 0 });
    await spack.do("buildcache", "update-index", "mochi");
    expect(await spack.ours("check", "mochi", "--verify-key", pub)).toMatchObject({ status: 8 });
    expect(await spack.ours("check", "mochi", "--verify-key", pub, "--unsigned-index")).toMatchObject({
      status: 0,
    });
  });

  it("equals what Spack writes for the same packages, and is then left alone", async () => {
    expect(await spack.ours("push", "mochi", "--update-index")).toMatchObject({ status: 0 });
    const merged = await indexText();
    await spack.do("buildcache", "update-index", "mochi");
    expect(JSON.parse(await indexText())).toEqual(JSON.parse(merged));
    const again = await spack.ours("update-index", "mochi", "--json");
    expect(again.json()).toMatchObject({ outcome: "unchanged", specs: 20, added: [], removed: [] });
  });

  it("adds packages that Spack pushed without updating the index", async () => {
    const repository = registry.location("from-spack");
    const other = await Spack.create({
      root: extractSampleStore(),
      paddedLength: SAMPLE_PADDING,
      mirror: repository,
      authority: registry.authority,
    });
    expect(await other.ours("push", "mochi", "data-lite", "--update-index")).toMatchObject({ status: 0 });
    const push = ["buildcache", "push", "--unsigned", "--without-build-dependencies", "mochi", "json-c-lite"];
    await other.do(...push);
    expect(await other.do("buildcache", "list", "-a")).not.toContain("json-c-lite");
    expect(await other.ours("update-index", "mochi")).toMatchObject({ status: 0 });
    expect(await other.do("buildcache", "list", "-a")).toContain("json-c-lite");
  });
});
