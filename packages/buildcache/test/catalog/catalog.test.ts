// Catalogs of one buildcache and of several.

import { SpackOciError } from "@spack-oci/errors";
import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { type Catalog, extendCatalog, mergeCatalogs, readCatalog } from "../../src/catalog/catalog.js";
import { updateIndex } from "../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureTag, fixtureTags } from "../support/image.js";
import { graphOf, node } from "../support/nodes.js";
import { type RecordedRun, recordedRun } from "../support/run.js";

let target: MemoryTarget;
let run: RecordedRun;
beforeEach(() => {
  target = new MemoryTarget("cache");
  run = recordedRun();
});

function catalogOf(names: readonly string[], more: Partial<Catalog> = {}): Catalog {
  const nodes = names.map((name) => node(name));
  return { packages: nodes, graph: graphOf(...nodes), indexed: false, unreadable: [], ...more };
}

function namesIn({ packages }: Catalog): string[] {
  return packages.map(({ name }) => name).sort();
}

describe("mergeCatalogs", () => {
  it("counts a package of several catalogs once", () => {
    const merged = mergeCatalogs([catalogOf(["a", "b"]), catalogOf(["b", "c"], { indexed: true })]);
    expect(namesIn(merged)).toEqual(["a", "b", "c"]);
    expect(merged).toMatchObject({ indexed: true, unreadable: [] });
    expect(merged.graph.size).toBe(3);
  });

  it("keeps the unreadable tags of all, and returns a single catalog unchanged", () => {
    const error = new SpackOciError("ERR_X", "broken", { kind: "corrupt" });
    const one = catalogOf(["a"], { unreadable: [{ tag: "x", error }] });
    expect(mergeCatalogs([one])).toBe(one);
    expect(mergeCatalogs([one, one]).unreadable).toHaveLength(2);
  });
});

describe("readCatalog", () => {
  it("reads the package index, including specs without a binary", async () => {
    const tags = await fixtureTags();
    await copyImages(target, tags);
    await updateIndex(target, {}, { run });
    const catalog = await readCatalog(target, recordedRun());
    expect(catalog.indexed).toBe(true);
    expect(catalog.packages).toHaveLength(tags.length);
    expect(catalog.graph.size).toBeGreaterThan(tags.length);
  });

  it("reads every tag of a buildcache without an index, with a warning", async () => {
    await copyImages(target, [await fixtureTag("json-c-lite")]);
    const catalog = await readCatalog(target, run);
    expect(catalog.indexed).toBe(false);
    expect(namesIn(catalog)).toEqual(["json-c-lite"]);
    expect(run.warnings()).toEqual([
      `memory:cache has no package index, so every tag is read. Run "spack-oci update-index" to write one.`,
    ]);
  });

  it("fails if a tag is unreachable, since the catalog would be incomplete", async () => {
    await copyImages(target, await fixtureTags());
    const unreachable = new SpackOciError("ERR_DOWN", "down", { kind: "unreachable" });
    const resolve = target.resolve.bind(target);
    target.resolve = async (reference, options) => {
      if (reference.startsWith("margo-lite")) throw unreachable;
      return resolve(reference, options);
    };
    await expect(readCatalog(target, run)).rejects.toBe(unreachable);
  });
});

describe("extendCatalog", () => {
  it("adds packages, and leaves out broken tags with a warning", async () => {
    const tag = await fixtureTag("json-c-lite");
    await copyImages(target, [tag]);
    const gone = `gone-1-${"a".repeat(32)}.spack`;
    const extended = await extendCatalog(catalogOf(["a"]), { target, tags: [tag, gone] }, run);
    expect(namesIn(extended)).toEqual(["a", "json-c-lite"]);
    expect(extended.unreadable.map((each) => each.tag)).toEqual([gone]);
    expect(run.warnings()).toEqual([expect.stringMatching(/^gone-1-a+\.spack is left out: /)]);
  });
});
