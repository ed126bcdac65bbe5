// The image of all named packages equals Spack's.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { portableEnvironment } from "../support/image-environment.js";
import { configOf, type ImageConfig, imageOf, packageTagsOf, tagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";

/** The roots of `mochi-roots`, in Spack's order. */
const roots = ["bedrock-lite", "tricky-lite"];
const layers = {
  own: fixture("oci-layout-main"),
  based: fixture("oci-layout-with-base"),
  base: `oci-layout:${fixture("oci-layout-base")}`,
};

const scratch = scratchDirectory("tag");
let count = 0;
let store: string;
beforeAll(() => {
  store = extractSampleStore();
});

function push(directory: string, ...args: readonly string[]) {
  const environment = { HOME: "/nonexistent", SPACK_ROOT: "/tmp/peers/spack" };
  const from = args.includes("--store") ? [] : ["--store", store];
  return spackOci(["push", `oci-layout:${directory}`, ...from, ...args], { environment });
}

/** A path that does not exist. */
function fresh(): string {
  count += 1;
  return join(scratch, String(count));
}

/** A database of the sample store's packages with a changed record. */
function storeWith(name: string, changes: Record<string, unknown>): string {
  const directory = fresh();
  const text = readFileSync(fixture("producer/spack-db-index.json"), "utf8");
  const document = JSON.parse(text) as { database: { installs: Record<string, { spec: { name: string } }> } };
  for (const record of Object.values(document.database.installs)) {
    if (record.spec.name === name) Object.assign(record, changes);
  }
  mkdirSync(join(directory, ".spack-db"), { recursive: true });
  writeFileSync(join(directory, ".spack-db", "index.json"), JSON.stringify(document));
  return directory;
}

/** Without values from the machine's /usr and from recipes. */
function environmentIn(config: ImageConfig): string[] {
  return portableEnvironment(config).filter((entry) => !entry.startsWith("BEDROCK_"));
}

describe.each([
  ["without a base", layers.own, "mochi-roots", roots, []],
  ["on a base", layers.based, "margo-only", ["margo-lite"], ["--base-image", `${layers.base}:latest`]],
])("--tag %s", (_what, spacks, tag, specs, more) => {
  const directory = fresh();
  const [ours, theirs] = [new ImageLayout(directory), new ImageLayout(spacks)];

  beforeAll(async () => {
    expect(await push(directory, "--tag", tag, ...more, ...specs)).toMatchObject({ status: 0 });
  });

  it("writes the same config as Spack", async () => {
    const [mine, other] = [await configOf(ours, tag), await configOf(theirs, tag)];
    const comparable = (config: ImageConfig) => ({
      ...config,
      config: { ...config.config, Env: environmentIn(config) },
    });
    // Compares text, so that the order of keys counts.
    expect(JSON.stringify(comparable(mine))).toBe(JSON.stringify(comparable(other)));
  });

  it("writes the same manifest as Spack, apart from sizes and digests of compressed blobs", async () => {
    const [mine, other] = [await imageOf(ours, tag), await imageOf(theirs, tag)];
    const named = Object.keys(mine.annotations ?? {}).filter((name) => !name.includes(".image.base."));
    expect(named).toEqual([]);
    const keys = Object.keys(mine).filter((key) => key !== "annotations");
    expect(keys).toEqual(Object.keys(other));
    const types = ({ config, layers }: typeof mine) => [config, ...layers].map(({ mediaType }) => mediaType);
    expect(types(mine)).toEqual(types(other));
  });

  it("has the same layers as the images of the packages", async () => {
    const own = await Promise.all((await packageTagsOf(ours)).map((each) => imageOf(ours, each)));
    const known = new Set(own.flatMap((image) => image.layers.map(({ digest }) => digest)));
    const { layers } = await imageOf(ours, tag);
    expect(layers.filter(({ digest }) => !known.has(digest))).toEqual([]);
  });

  it("is built again from existing packages", async () => {
    const before = await imageOf(ours, tag);
    const again = await push(directory, "--tag", "again", "--json", ...more, ...specs);
    expect(again).toMatchObject({ status: 0 });
    expect(again.json()).toMatchObject({ planned: [], tagged: { tag: "again" }, images: [{ tag: "again" }] });
    expect(await imageOf(ours, "again")).toEqual(before);
  });

  it("is not listed or indexed as a package", async () => {
    const indexed = await spackOci(["update-index", `oci-layout:${directory}`, "--json"]);
    expect(indexed.json()).toMatchObject({ specs: (await packageTagsOf(ours)).length, skipped: [] });
  });
});

describe("--tag", () => {
  it("is built without a missing build dependency", async () => {
    const directory = fresh();
    const other = storeWith("build-tool-lite", { installed: false });
    const run = await push(directory, "--tag", "all", "--json", "margo-lite", "--store", other);
    expect(run).toMatchObject({ status: 0 });
    const tags = await tagsOf(new ImageLayout(directory));
    expect(tags).toContain("all");
    expect(tags.filter((tag) => tag.startsWith("build-tool-lite"))).toEqual([]);
    const all = fresh();
    expect(await push(all, "--tag", "all", "margo-lite")).toMatchObject({ status: 0 });
    const layersOf = async (path: string) => (await imageOf(new ImageLayout(path), "all")).layers.length;
    expect(await layersOf(directory)).toBe(await layersOf(all));
  });

  it("is not built if a package in it was not pushed", async () => {
    const directory = fresh();
    const other = storeWith("gcc-runtime", { path: "/nonexistent" });
    const run = await push(directory, "--tag", "all", "--json", "json-c-lite", "--store", other);
    expect(run.status).toBe(1);
    expect(run.json()).toMatchObject({ tagged: { error: { code: "ERR_IMAGE_INCOMPLETE" } } });
    expect(await tagsOf(new ImageLayout(directory))).not.toContain("all");
  });

  it("is not built if it would be empty", async () => {
    const directory = fresh();
    const nothing = ["--only", "package", "--exclude", "json-c-lite", "json-c-lite"];
    const run = await push(directory, "--tag", "all", ...nothing);
    expect(run).toMatchObject({ status: 3, stdout: expect.stringContaining("it would be empty") });
    expect(existsSync(directory)).toBe(false);
  });

  it.each([
    ["with a space", "a b", "Not a tag"],
    ["that is too long", "a".repeat(129), "Not a tag"],
    ["of a package", "margo-lite.spack", "is reserved for packages"],
    ["of the index", "index.spack", "is reserved for packages"],
  ])("rejects a tag %s before anything is written", async (_what, tag, says) => {
    const directory = fresh();
    for (const more of [[], ["--dry-run"]]) {
      const run = await push(directory, "--tag", tag, ...more, "json-c-lite");
      expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
    }
    expect(existsSync(directory)).toBe(false);
  });
});
