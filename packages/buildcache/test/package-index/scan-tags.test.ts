// Tags that are not packages, or cannot be read.

import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { readPackageImage } from "../../src/package-image/read-image.js";
import { packageTags, scanTags } from "../../src/package-index/scan-tags.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import { copyImages, fixtureConfig, fixtureTag, pushImage } from "../support/image.js";

const scheduler = createScheduler(2);
let target: MemoryTarget;
beforeEach(() => {
  target = new MemoryTarget("test");
});

async function scan(signal?: AbortSignal) {
  const { roots, skipped } = await scanTags(target, await packageTags(target), { scheduler, signal });
  return {
    specs: [...roots.values()].map(({ name }) => name),
    skipped: skipped.map(({ tag, error }) => [tag, error.code, error.kind]),
  };
}

describe("scanTags", () => {
  it("lesson 38: reads the good tags, and reports each bad one", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite"), await fixtureTag("argobots-lite-1.2")]);
    const config = JSON.parse(await fixtureConfig(await fixtureTag("json-c-lite"))) as object;
    await pushImage(target, "a-foreign.spack", JSON.stringify({ architecture: "amd64", os: "linux" }));
    await pushImage(target, "b-newer.spack", JSON.stringify({ ...config, buildcache_layout_version: 4 }));
    await pushImage(target, "c-no-json.spack", "{");
    await pushImage(target, "d-no-object.spack", "[]");
    await pushImage(target, "e-no-layer.spack", JSON.stringify(config), 0);
    await pushImage(target, "f-no-spec.spack", JSON.stringify({ ...config, spec: { nodes: [] } }));
    await pushImage(target, "latest", "{}");
    expect(await scan()).toEqual({
      specs: ["argobots-lite", "json-c-lite"],
      skipped: [
        ["a-foreign.spack", "ERR_NOT_A_PACKAGE", "unsupported"],
        ["b-newer.spack", "ERR_LAYOUT_TOO_NEW", "unsupported"],
        ["c-no-json.spack", expect.stringMatching(/^ERR_/), "corrupt"],
        ["d-no-object.spack", "ERR_NOT_A_PACKAGE", "unsupported"],
        ["e-no-layer.spack", "ERR_NOT_A_PACKAGE", "unsupported"],
        ["f-no-spec.spack", expect.stringMatching(/^ERR_/), "corrupt"],
      ],
    });
  });

  it("lesson 39: reports a tag that vanished after the listing, and reads the others", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite")]);
    const tags = [...(await packageTags(target)), "zzz-gone.spack"];
    const { roots, skipped } = await scanTags(target, tags, { scheduler });
    expect([...roots.keys()]).toEqual(tags.slice(0, 1));
    expect(skipped).toMatchObject([{ tag: "zzz-gone.spack", error: { kind: "not-found" } }]);
  });

  it("keeps each node once, even if several packages need it", async () => {
    const tags = [await fixtureTag("margo-lite"), await fixtureTag("mercury-lite")];
    await copyImages(target, tags);
    const { roots, graph } = await scanTags(target, tags, { scheduler });
    const documents = await Promise.all(tags.map((tag) => readPackageImage(target, tag)));
    const sizes = documents.map(({ document }) => document.graph.size);
    expect(graph.size).toBeLessThan(sizes.reduce((sum, size) => sum + size, 0));
    expect([...roots.values()].map(({ hash }) => graph.get(hash)?.name)).toEqual([
      "margo-lite",
      "mercury-lite",
    ]);
  });

  it("ends with the signal's reason", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite")]);
    const reason = new Error("enough");
    await expect(scan(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
