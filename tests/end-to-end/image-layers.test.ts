// An image unpacks to the same tree, however its layers are merged; a view only adds links.

import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { describePrefix, type PrefixDescription } from "../support/describe-prefix.js";
import { imageOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { type PushedPackage, pushSynthetic, type SyntheticPackage } from "../support/synthetic-buildcache.js";
import { unpackImage } from "../support/unpack-image.js";

const COUNT = 200;
const scratch = scratchDirectory("image-layers");
const directory = join(scratch, "mirror");
const mirror = new ImageLayout(directory);
let pushed: ReadonlyMap<string, PushedPackage>;

/** A chain of packages, each with its own directory, links and hard links. */
function packages(): SyntheticPackage[] {
  return Array.from({ length: COUNT }, (_, index) => ({
    name: `p${index}`,
    dependencies: index === 0 ? [] : [`p${index - 1}`],
    files: {
      [`bin/p${index}`]: `program ${index}`,
      "lib/data": "x".repeat((index * 7919) % 5000),
      [`lib/same${index}`]: "== lib/data",
      [`lib/link${index}`]: "-> data",
      "share/doc/README": `of ${index}`,
    },
  }));
}

beforeAll(async () => {
  pushed = await pushSynthetic(mirror, packages());
}, 60_000);

async function image(tag: string, ...args: readonly string[]): Promise<void> {
  const name = `/${pushed.get(`p${COUNT - 1}`)?.hash}`;
  const run = await spackOci(["image", `oci-layout:${directory}`, name, "--tag", tag, ...args]);
  expect(run).toMatchObject({ status: 0 });
}

async function unpacked(tag: string): Promise<PrefixDescription> {
  const root = join(scratch, tag);
  await unpackImage(mirror, tag, root);
  return describePrefix(root);
}

async function layerCount(tag: string): Promise<number> {
  return (await imageOf(mirror, tag)).layers.length;
}

describe(`${COUNT} packages`, () => {
  let expected: PrefixDescription;
  beforeAll(async () => {
    // The tree from unpacking all layers, more than an engine can stack.
    for (const each of pushed.values()) await unpackImage(mirror, each.tag, join(scratch, "unmerged"));
    expected = describePrefix(join(scratch, "unmerged"));
  }, 60_000);

  it("have at most 127 layers, the smallest merged into one", async () => {
    await image("app");
    expect(await layerCount("app")).toBe(127);
    expect(await unpacked("app")).toEqual(expected);
    const own = new Set([...pushed.values()].map(({ layer }) => layer));
    const { layers } = await imageOf(mirror, "app");
    const kept = layers.filter(({ digest }) => own.has(digest));
    expect(kept).toHaveLength(126);
    const left = await Promise.all(
      [...pushed.values()]
        .filter(({ layer }) => !layers.some(({ digest }) => digest === layer))
        .map(async ({ tag }) => (await imageOf(mirror, tag)).layers[0]?.size ?? 0),
    );
    expect(Math.max(...left)).toBeLessThanOrEqual(Math.min(...kept.map(({ size }) => size)));
  }, 60_000);

  it("have one layer with --squash", async () => {
    await image("squashed", "--squash");
    expect(await layerCount("squashed")).toBe(1);
    expect(await unpacked("squashed")).toEqual(expected);
  }, 60_000);

  it("leave no temporary files behind", () => {
    expect(
      readdirSync(tmpdir()).filter((name) => name.includes(`layers-`) && name.includes(`.${process.pid}-`)),
    ).toEqual([]);
  });
});

describe("a view", () => {
  const other = new ImageLayout(join(scratch, "views"));
  const run = (...args: readonly string[]) => spackOci(["image", other.name, "app", "--tag", ...args]);
  beforeAll(async () => {
    await pushSynthetic(other, [
      { name: "lib", files: { "bin/tool": "lib's", "lib/lib.so": "x", lib64: "-> lib", ".spack/log": "x" } },
      {
        name: "app",
        dependencies: ["lib"],
        files: { "bin/app": "app", "bin/tool": "app's", "lib64/app.so": "y" },
      },
    ]);
  });

  it("links all files, and prefers a dependent's file in a conflict", async () => {
    const made = await run("viewed", "--view", "/opt/view", "--json");
    const { platforms } = made.json<{ platforms: { conflicts: object[] }[] }>();
    expect(platforms[0]?.conflicts).toEqual([
      {
        path: "bin/tool",
        kept: expect.stringContaining("/app-1-"),
        dropped: expect.stringContaining("/lib-1-"),
      },
    ]);
    const root = join(scratch, "viewed");
    await unpackImage(other, "viewed", root);
    const view = join(root, "opt/view");
    expect(readdirSync(view).sort()).toEqual(["bin", "lib", "lib64"]);
    expect(readdirSync(join(view, "lib64")).sort()).toEqual(["app.so", "lib.so"]);
    for (const path of ["bin/app", "bin/tool", "lib/lib.so", "lib64/app.so"]) {
      const target = readlinkSync(join(view, path));
      expect(target).toMatch(/^\/opt\/spack\//);
      expect(existsSync(join(root, target))).toBe(true);
    }
    expect(readlinkSync(join(view, "bin/tool"))).toContain("/app-1-");
  });

  it("is a separate layer with nothing else in it", async () => {
    await run("viewed", "--view", "/opt/view");
    await run("plain");
    const [viewed, plain] = [await imageOf(other, "viewed"), await imageOf(other, "plain")];
    expect(viewed.layers.slice(0, -1)).toEqual(plain.layers);
  });

  it("counts as a layer", async () => {
    await run("few", "--view", "/opt/view", "--max-layers", "2");
    expect((await imageOf(other, "few")).layers).toHaveLength(2);
  });

  it("says how many files are not in it", async () => {
    expect((await run("viewed", "--view", "/v")).stdout).toContain("1 file left out of the view");
  });
});
