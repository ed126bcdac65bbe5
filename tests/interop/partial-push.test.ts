// A push from a store in which one package cannot be read ends as in Spack: everything else is pushed.

import { rmSync } from "node:fs";
import { createRegistryClient, openTarget, type Target } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configOf, packageTagsOf } from "../support/images.js";
import { copyStore } from "./support/copy-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

describeWithSpack("a package that cannot be read", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let spack: Spack;

  beforeAll(async () => {
    registry = await startTlsRegistry();
    const prefixes = await copyStore(root);
    rmSync(prefixes.get("json-c-lite") ?? "", { recursive: true });
    spack = await Spack.create({ root, authority: registry.authority });
  });
  afterAll(() => registry.stop());

  const args = (repository: string, ...more: string[]) => [
    ...["push", "--unsigned", "--update-index", ...more, registry.location(repository), "margo-lite"],
  ];

  /** The diff IDs of the layers of each image; names and IDs do not depend on how layers are compressed. */
  async function contents(repository: string): Promise<Record<string, unknown>> {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    const target = openTarget(registry.location(repository), { client }) as Target & {
      tags(): AsyncIterable<string>;
    };
    const tags = await packageTagsOf(target);
    const entries = tags.map(async (tag) => [tag, (await configOf(target, tag))["rootfs"]] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  it("is reported, and costs the images of its dependents its layer", async () => {
    const theirs = await spack.run("buildcache", ...args("theirs"));
    expect(theirs.status).not.toBe(0);
    const ours = await spack.ours(...args("ours"));
    expect(ours.status).toBe(1);
    expect(ours.stderr).toContain("failed json-c-lite@");
    expect(ours.stderr).toMatch(/The images of .*margo-lite@.* lack the layer of json-c-lite@/);
    const expected = await contents("theirs");
    expect(Object.keys(expected).some((tag) => tag.startsWith("margo-lite-"))).toBe(true);
    expect(Object.keys(expected).some((tag) => tag.startsWith("json-c-lite-"))).toBe(false);
    expect(await contents("ours")).toEqual(expected);
  });

  it("keeps everything from being tagged with --fail-fast", async () => {
    const run = await spack.ours(...args("nothing", "--fail-fast"));
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/skipped margo-lite@/);
    await expect(contents("nothing")).rejects.toMatchObject({ kind: "not-found" });
  });
});
