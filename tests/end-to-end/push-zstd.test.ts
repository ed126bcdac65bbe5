// Layers pushed with zstd are labeled as such, and pulled as the same prefixes.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { configOf, imageOf, packageTagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeStore } from "../support/store-tree.js";
import { canWriteZstd } from "../support/zstd.js";

const directory = scratchDirectory("zstd");
const ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
const GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";

async function push(name: string, ...more: readonly string[]) {
  const mirror = join(directory, name);
  const store = ["--store", extractSampleStore()];
  const run = await spackOci(["push", `oci-layout:${mirror}`, "--update-index", ...store, ...more]);
  expect(run).toMatchObject({ status: 0 });
  return new ImageLayout(mirror);
}

/** The tree that a pull installs below a fixed root. */
async function pulled(name: string, spec: string) {
  const root = join(directory, "root");
  const run = await spackOci(["pull", `oci-layout:${join(directory, name)}`, spec, "--root", root]);
  expect(run).toMatchObject({ status: 0 });
  const store = describeStore(root);
  rmSync(root, { recursive: true });
  return store;
}

describe.runIf(canWriteZstd("push --compression zstd"))("push --compression zstd", () => {
  it("writes layers labeled as zstd, and says so in the config", async () => {
    const layout = await push("zstd", "--compression", "zstd");
    const tags = await packageTagsOf(layout);
    expect(tags.length).toBeGreaterThan(10);
    for (const tag of tags) {
      const { layers } = await imageOf(layout, tag);
      expect(new Set(layers.map(({ mediaType }) => mediaType))).toEqual(new Set([ZSTD]));
      expect(await configOf(layout, tag)).toMatchObject({ archive_compression: "zstd" });
    }
  });

  it("gives the same prefixes as gzip", async () => {
    await push("gzip");
    const prefixes = await pulled("zstd", "mochi-suite");
    expect(prefixes.size).toBeGreaterThan(10);
    expect(prefixes).toEqual(await pulled("gzip", "mochi-suite"));
  });

  it("leaves existing packages alone", async () => {
    await push("mixed", "margo-lite", "--only", "dependencies");
    const layout = await push("mixed", "margo-lite", "--compression", "zstd");
    const tag = (await packageTagsOf(layout)).find((name) => name.includes("margo-lite")) ?? "";
    const types = (await imageOf(layout, tag)).layers.map(({ mediaType }) => mediaType);
    expect(types.at(-1)).toBe(ZSTD);
    expect(new Set(types.slice(0, -1))).toEqual(new Set([GZIP]));
    expect((await pulled("mixed", "margo-lite")).size).toBe(6);
  });
});

it("lists the valid choices", async () => {
  const run = await spackOci(["push", `oci-layout:${directory}/none`, "--compression", "xz"]);
  expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining("Allowed choices are gzip, zstd") });
});
