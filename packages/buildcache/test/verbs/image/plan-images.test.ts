// Which packages go into which image.

import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import type { RequestedEnvironment } from "../../../src/catalog/spec-request.js";
import { packageTag } from "../../../src/package-image/tags.js";
import { planImages } from "../../../src/verbs/image/plan-images.js";
import { parsePlatform } from "../../../src/verbs/image/platform.js";
import { copyImages, fixtureTags, pushImage } from "../../support/image.js";
import { external, graphOf, hashOf, node } from "../../support/nodes.js";
import { recordedRun } from "../../support/run.js";

const run = recordedRun();
let mirror: MemoryTarget;
beforeEach(() => {
  mirror = new MemoryTarget("cache");
});

/** An environment with packages for two architectures; the buildcache has the tags of all but `missing`. */
async function environment(missing: readonly string[] = []): Promise<RequestedEnvironment> {
  const arm = (name: string, dependencies: readonly string[] = []) => ({
    ...node(name, dependencies),
    architecture: { platform: "linux", os: "debian12", target: "aarch64", targetJson: "aarch64" },
  });
  const nodes = [
    external("glibc"),
    node("zlib", ["glibc"]),
    node("cmake"),
    node("app", ["zlib", "cmake:build"]),
    arm("lib-arm", ["glibc"]),
    arm("arm", ["lib-arm"]),
  ];
  for (const each of nodes) {
    if (each.external === undefined && !missing.includes(each.name))
      await pushImage(mirror, packageTag(each), "{}");
  }
  return { name: "both", roots: [hashOf("app"), hashOf("arm")], graph: graphOf(...nodes) };
}

async function plan(request: Omit<Parameters<typeof planImages>[1], "specs"> & { specs?: string[] }) {
  const images = await planImages(mirror, { specs: [], ...request }, run);
  return images.map(({ platform: { architecture }, roots, packages }) => [
    architecture,
    roots.map(({ name }) => name),
    packages.map(({ name }) => name),
  ]);
}

describe("planImages", () => {
  it("plans one image for each architecture, with link and run dependencies, leaves first", async () => {
    expect(await plan({ environment: await environment() })).toEqual([
      ["amd64", ["app"], ["zlib", "app"]],
      ["arm64", ["arm"], ["lib-arm", "arm"]],
    ]);
  });

  it("plans only the requested platforms, in their order", async () => {
    const platforms = ["linux/arm64", "linux/amd64"].map(parsePlatform);
    const images = await plan({ environment: await environment(), platforms });
    expect(images.map(([architecture]) => architecture)).toEqual(["arm64", "amd64"]);
  });

  it("is for the packages that no other one needs, if none is named", async () => {
    await copyImages(mirror, await fixtureTags());
    const [image] = await plan({});
    expect(image?.[1]).not.toContain("json-c-lite");
    expect(image?.[1]).toContain("mochi-suite");
  });

  it("is for exactly the named packages", async () => {
    await copyImages(mirror, await fixtureTags());
    expect(await plan({ specs: ["json-c-lite"] })).toEqual([
      ["amd64", ["json-c-lite"], ["gcc-runtime", "json-c-lite"]],
    ]);
  });

  it("fails for a platform without packages, and lists those that exist", async () => {
    const platforms = [parsePlatform("linux/riscv64")];
    await expect(plan({ environment: await environment(), platforms })).rejects.toMatchObject({
      code: "ERR_PLATFORM_MISSING",
      kind: "not-found",
      hint: expect.stringContaining("linux/amd64, linux/arm64"),
    });
  });

  it("fails if a package is missing, but not for a build dependency", async () => {
    await expect(plan({ environment: await environment(["zlib"]) })).rejects.toMatchObject({
      code: "ERR_PACKAGES_MISSING",
      message: "1 of 4 packages are not in memory:cache:\n  zlib@1/zlibaaa",
    });
    mirror = new MemoryTarget("cache");
    expect(await plan({ environment: await environment(["cmake"]) })).toHaveLength(2);
  });

  it("fails if only externals were named", async () => {
    const { graph } = await environment();
    const only = { name: "e", roots: [hashOf("glibc")], graph };
    await expect(plan({ environment: only })).rejects.toMatchObject({ code: "ERR_IMAGE_EMPTY" });
  });
});
