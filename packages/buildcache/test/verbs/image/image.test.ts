// Images of packages, made in memory: layers are reused, and nothing is written before everything is checked.

import {
  type Digest,
  fetchBytes,
  fetchManifest,
  type ImageManifest,
  MemoryTarget,
} from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { readPackageImage } from "../../../src/package-image/read-image.js";
import { image } from "../../../src/verbs/image/image.js";
import type { ImageRequest } from "../../../src/verbs/image/image-request.js";
import { copyImages, fixtureTag, fixtureTags } from "../../support/image.js";
import { type RecordedRun, recordedRun } from "../../support/run.js";

let mirror: MemoryTarget;
let run: RecordedRun;
beforeEach(async () => {
  mirror = new MemoryTarget("cache");
  run = recordedRun();
  await copyImages(mirror, await fixtureTags(), true);
});

function make(request: Partial<ImageRequest> = {}) {
  return image(mirror, { specs: ["json-c-lite"], tag: "app", ...request }, { run });
}

async function layerOf(start: string): Promise<Digest> {
  return (await readPackageImage(mirror, await fixtureTag(start))).layer.descriptor.digest;
}

async function read(target: MemoryTarget, tag = "app") {
  const manifest = (await fetchManifest(target, tag)).manifest as ImageManifest;
  const config = JSON.parse((await fetchBytes(target, manifest.config, { limit: 2 ** 20 })).toString()) as {
    architecture: string;
    config: { Env: string[]; Entrypoint?: string[] };
    rootfs: { diff_ids: string[] };
  };
  return { layers: manifest.layers.map(({ digest }) => digest), config };
}

describe("an image of packages", () => {
  it("reuses the layers of the packages, dependencies first", async () => {
    const { images } = await make();
    const { layers, config } = await read(mirror);
    expect(layers).toEqual([await layerOf("gcc-runtime"), await layerOf("json-c-lite")]);
    expect(config.architecture).toBe("amd64");
    expect(config.rootfs.diff_ids).toHaveLength(2);
    expect(config.config.Env.join("\n")).toMatch(/^CMAKE_PREFIX_PATH=.*json-c-lite-0\.18/m);
    expect(images[0]?.groups.map((group) => group.map(({ name }) => name))).toEqual([
      ["gcc-runtime"],
      ["json-c-lite"],
    ]);
  });

  it("depends only on its parts: made twice, it has the same digest", async () => {
    const first = (await make()).pushed?.descriptor.digest;
    expect((await make({ tag: "again" })).pushed?.descriptor.digest).toBe(first);
  });

  it("has one merged layer if squashed", async () => {
    await make({ squash: true });
    const { layers } = await read(mirror);
    expect(layers).toHaveLength(1);
    expect(layers).not.toContain(await layerOf("json-c-lite"));
  });

  it("is written to another target with all of its layers", async () => {
    const destination = new MemoryTarget("images");
    await make({ destination });
    const { layers } = await read(destination);
    for (const digest of layers)
      expect(await destination.exists({ mediaType: "", digest, size: 0 })).toBe(true);
    await expect(mirror.resolve("app")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("is only checked in a dry run", async () => {
    const { pushed, images } = await make({ dryRun: true });
    expect(pushed).toBeUndefined();
    expect(images).toHaveLength(1);
    await expect(mirror.resolve("app")).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("nothing is written", () => {
  it.each([
    ["the tag is a package's", { tag: "mine.spack" }, "ERR_TAG_OF_PACKAGE"],
    ["the view is not absolute", { view: "view" }, "ERR_VIEW_PLACE"],
    ["the view covers a package", { view: "/tmp" }, "ERR_VIEW_PLACE"],
    ["there is no room for layers", { maxLayers: 1, view: "/opt/view" }, "ERR_TOO_MANY_LAYERS"],
    ["a spec matches nothing", { specs: ["nothing"] }, "ERR_SPEC_NOT_FOUND"],
  ])("if %s", async (_why, request, code) => {
    await expect(make(request)).rejects.toMatchObject({ code });
    await expect(mirror.resolve("app")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("if a layer is missing", async () => {
    await mirror.delete({ mediaType: "", digest: await layerOf("gcc-runtime"), size: 0 });
    await expect(make()).rejects.toMatchObject({
      code: "ERR_MEMBER_UNREADABLE",
      kind: "not-found",
      message: expect.stringMatching(/^Could not put gcc-runtime@.* into an image: /),
    });
    await expect(mirror.resolve("app")).rejects.toMatchObject({ kind: "not-found" });
  });
});
