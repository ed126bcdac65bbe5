// The image of all named packages, and the layers that it is made of.

import { SpackOciError } from "@spack-oci/errors";
import { fetchManifest, type ImageManifest, MemoryTarget } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import { beforeEach, describe, expect, it } from "vitest";
import { KnownLayers } from "../../../src/package-image/known-layers.js";
import { readPackageImage } from "../../../src/package-image/read-image.js";
import type { PackageResult } from "../../../src/schedule/run-packages.js";
import type { PushWork } from "../../../src/verbs/push/push-work.js";
import { tagRoots } from "../../../src/verbs/push/tag-roots.js";
import { copyImages, fixtureLayout, fixtureSpecs, fixtureTag, fixtureTags } from "../../support/image.js";
import { recordedRun } from "../../support/run.js";

let mirror: MemoryTarget;
let present: Set<string>;
beforeEach(async () => {
  mirror = new MemoryTarget("cache");
  await copyImages(mirror, await fixtureTags(), true);
  present = new Set([...(await fixtureSpecs()).values()].map(({ root }) => root.hash));
});

async function documentOf(start: string) {
  return (await readPackageImage(fixtureLayout, await fixtureTag(start))).document;
}

async function tagApp(packages: readonly PackageResult[] = []) {
  const { root, graph } = await documentOf("json-c-lite");
  const work = {
    mirror,
    request: {},
    plan: { graph, roots: [root] },
    bases: new Map(),
    run: recordedRun(),
  } as unknown as PushWork;
  return tagRoots(work, {
    tag: "app",
    packages,
    layers: new KnownLayers(mirror, present, undefined),
    environmentOf: async () => ({ variables: ["A=1"], source: "none" }),
  });
}

function failed({ name, version, hash }: SpecNode): PackageResult {
  const error = new SpackOciError("ERR_DOWN", "down", { kind: "unreachable" });
  return { package: { name, version, hash }, outcome: "failed", error };
}

describe("tagRoots", () => {
  it("makes an image of the layers of the roots and their run dependencies", async () => {
    const { runEnvironment, tag } = await tagApp();
    expect({ runEnvironment, tag }).toEqual({ runEnvironment: "none", tag: "app" });
    const { layers } = (await fetchManifest(mirror, "app")).manifest as ImageManifest;
    const json = await readPackageImage(mirror, await fixtureTag("json-c-lite"));
    expect(layers.map(({ digest }) => digest)).toEqual(
      (json.fetched.manifest as ImageManifest).layers.map(({ digest }) => digest),
    );
  });

  it("fails like the push of a package that belongs into the image", async () => {
    const { graph } = await documentOf("json-c-lite");
    const runtime = [...graph.values()].find(({ name }) => name === "gcc-runtime") as SpecNode;
    await expect(tagApp([failed(runtime)])).rejects.toMatchObject({
      code: "ERR_IMAGE_INCOMPLETE",
      kind: "unreachable",
      message: expect.stringMatching(/^app was not created, because gcc-runtime@.* was not pushed\.$/),
      hint: "Fix that and run the same command again.",
    });
    await expect(mirror.resolve("app")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("ignores failures of other packages", async () => {
    const { root } = await documentOf("margo-lite");
    expect(await tagApp([failed(root)])).toMatchObject({ tag: "app" });
  });

  it("leaves out packages that the buildcache does not have, but needs at least one layer", async () => {
    const { root } = await documentOf("json-c-lite");
    present = new Set([root.hash]);
    await tagApp();
    expect(((await fetchManifest(mirror, "app")).manifest as ImageManifest).layers).toHaveLength(1);
    present = new Set();
    await expect(tagApp()).rejects.toMatchObject({ code: "ERR_IMAGE_EMPTY", kind: "not-found" });
  });
});

describe("KnownLayers", () => {
  it("prefers layers of this push, and reads each image once", async () => {
    const { root, graph } = await documentOf("json-c-lite");
    const runtime = [...graph.values()].find(({ name }) => name === "gcc-runtime") as SpecNode;
    let reads = 0;
    const resolve = mirror.resolve.bind(mirror);
    mirror.resolve = async (reference, options) => {
      if (reference.endsWith(".spack")) reads += 1;
      return resolve(reference, options);
    };
    const layers = new KnownLayers(mirror, present, undefined);
    const own = { descriptor: { mediaType: "x", digest: "sha256:0", size: 1 }, diffId: "sha256:1" } as const;
    layers.add(root.hash, own);
    const [first, second] = await layers.of([runtime, root]);
    expect(second).toBe(own);
    expect((await layers.of([runtime]))[0]).toEqual(first);
    expect(reads).toBe(1);
  });
});
