// Tags of which some are no packages, or cannot be read.
import { SpackOciError } from "@spack-oci/errors";
import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { packageTags, scanTags } from "../../src/index/scan-tags.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import { copyImages, fixtureConfig, fixtureTag, pushImage } from "../support/image.js";

const scheduler = createScheduler(2);
let target: MemoryTarget;
beforeEach(() => {
  target = new MemoryTarget("test");
});

async function scan(known?: Parameters<typeof scanTags>[3]) {
  const { specs, skipped } = await scanTags(target, scheduler, await packageTags(target), known);
  return {
    specs: specs.map(({ root }) => root.name),
    skipped: skipped.map(({ tag, error }) => [tag, error.code, error.kind]),
  };
}

describe("scanTags", () => {
  it("lesson 38: reads what is good, and reports each bad tag", async () => {
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

  it("lesson 39: reports a tag that is gone since it was listed, and reads the others", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite")]);
    const tags = [...(await packageTags(target)), "zzz-gone.spack"];
    const { specs, skipped } = await scanTags(target, scheduler, tags);
    expect(specs).toHaveLength(1);
    expect(skipped).toMatchObject([{ tag: "zzz-gone.spack", error: { kind: "not-found" } }]);
  });

  it("asks for nothing that is known", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite")]);
    const { specs } = await scanTags(target, scheduler, await packageTags(target));
    const broken = new MemoryTarget("empty");
    const known = new Map(specs.map((spec) => ["x.spack", spec]));
    expect((await scanTags(broken, scheduler, ["x.spack"], { known })).specs).toEqual(specs);
  });

  it("fails where everything is out of reach, rather than finding nothing", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite"), await fixtureTag("argobots-lite-1.2")]);
    const unreachable = new SpackOciError("ERR_TEST", "nobody answers", { kind: "unreachable" });
    target.fetch = () => Promise.reject(unreachable);
    await expect(scan()).rejects.toBe(unreachable);
  });

  it("ends with the signal's reason", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite")]);
    const reason = new Error("enough");
    await expect(scan({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
