// The digests file of a push, and that equal inputs give equal images.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchManifest, ImageLayout } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { imageOf, packageTagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";

interface Digests {
  readonly mirror: string;
  readonly images: readonly { readonly tag: string; readonly digest: string; readonly size: number }[];
}

const directory = scratchDirectory("push");
const epoch = { SOURCE_DATE_EPOCH: "1700000000" };

/** Pushes json-c-lite and its dependencies on top of a base image. */
async function push(name: string, environment: NodeJS.ProcessEnv, ...more: readonly string[]) {
  const file = join(directory, `${name}.json`);
  const args = [
    "push",
    `oci-layout:${join(directory, name)}`,
    "json-c-lite",
    "--digests-file",
    file,
    "--json",
  ];
  const base = ["--base-image", `oci-layout:${fixture("oci-layout-base")}:latest`];
  const run = await spackOci([...args, ...base, "--store", extractSampleStore(), ...more], {
    environment: { HOME: "/nonexistent", ...environment },
  });
  const read = () => JSON.parse(readFileSync(file, "utf8")) as Digests;
  return { run, file, read };
}

describe("--digests-file", () => {
  it("lists every pushed image, like --json", async () => {
    const { run, read } = await push("told", {});
    expect(run).toMatchObject({ status: 0 });
    const layout = new ImageLayout(join(directory, "told"));
    const { mirror, images } = read();
    expect(mirror).toBe(layout.name);
    expect(images.map(({ tag }) => tag).sort()).toEqual(await packageTagsOf(layout));
    expect(images.length).toBeGreaterThan(1);
    for (const { tag, ...told } of images) {
      const { descriptor, bytes } = await fetchManifest(layout, tag);
      const { layers } = await imageOf(layout, tag);
      expect(told).toEqual({
        mediaType: descriptor.mediaType,
        digest: descriptor.digest,
        size: bytes.length,
        layers,
      });
    }
    const withSources = images.map((image) => ({ ...image, runEnvironment: "none" }));
    expect(run.json<{ images: unknown }>().images).toEqual(withSources);
  });

  it("is not written by a dry run", async () => {
    const { run, read } = await push("dry", {}, "--dry-run");
    expect(run).toMatchObject({ status: 0 });
    expect(read).toThrow("ENOENT");
  });

  it("is rejected before anything is pushed if it cannot be written", async () => {
    const file = join(directory, "no", "such", "directory.json");
    const mirror = join(directory, "refused");
    const args = ["push", `oci-layout:${mirror}`, "--store", extractSampleStore(), "--digests-file", file];
    const run = await spackOci(args);
    expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(file) });
    expect(() => readFileSync(join(mirror, "index.json"))).toThrow("ENOENT");
  });
});

describe("SOURCE_DATE_EPOCH", () => {
  it("makes two pushes of the same packages equal, in CI too", async () => {
    const ci = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "a/b", GITHUB_SHA: "c0ffee" };
    const [first, second] = [await push("one", { ...epoch, ...ci }), await push("two", { ...epoch, ...ci })];
    expect(first.read().images).toEqual(second.read().images);
    expect(first.read().images.length).toBeGreaterThan(1);
    const layout = new ImageLayout(join(directory, "one"));
    for (const tag of await packageTagsOf(layout)) {
      expect((await imageOf(layout, tag)).annotations).toMatchObject({
        "org.opencontainers.image.source": "https://github.com/a/b",
        "org.opencontainers.image.revision": "c0ffee",
        "org.opencontainers.image.created": "2023-11-14T22:13:20.000Z",
      });
    }
    const later = await push("three", { ...epoch, ...ci, SOURCE_DATE_EPOCH: "1700000001" });
    const digests = new Set(first.read().images.map(({ digest }) => digest));
    expect(later.read().images.filter(({ digest }) => digests.has(digest))).toEqual([]);
  });

  it.each(["yesterday", "-1", "1.5", "999999999999"])("is rejected if it is %s", async (text) => {
    const { run } = await push("bad", { SOURCE_DATE_EPOCH: text });
    expect(run).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`SOURCE_DATE_EPOCH is "${text}"`),
    });
  });
});
