// Which tags a copy takes, and from which source.

import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { packageTag } from "../../../src/package-image/tags.js";
import { chooseTags } from "../../../src/verbs/copy/choose-tags.js";
import { openSource } from "../../../src/verbs/copy/copy-source.js";
import { updateIndex } from "../../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureSpecs, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";
import { recordedRun } from "../../support/run.js";

const run = recordedRun();
let first: MemoryTarget;
let second: MemoryTarget;
beforeEach(() => {
  first = new MemoryTarget("first");
  second = new MemoryTarget("second");
});

async function choose(request: Parameters<typeof chooseTags>[1]) {
  const sources = await Promise.all([first, second].map((mirror) => openSource(mirror)));
  return chooseTags(sources, request, run);
}

describe("without specs", () => {
  it("takes every tag except for the index, from the first source that has it", async () => {
    const [one, two] = [await fixtureTag("json-c-lite"), await fixtureTag("argobots-lite-1.2")];
    await copyImages(first, [one]);
    await copyImages(second, [one, two]);
    await pushImage(second, "latest", "{}");
    await updateIndex(second, {}, { run });
    const { tags, absent, whole } = await choose({ specs: [] });
    expect([...tags].map(([tag, { mirror }]) => [tag, mirror.name])).toEqual([
      [two, "memory:second"],
      [one, "memory:first"],
      ["latest", "memory:second"],
    ]);
    expect({ absent, whole }).toEqual({ absent: [], whole: true });
  });
});

describe("with specs", () => {
  it("takes dependencies too, before their dependents", async () => {
    await copyImages(first, await fixtureTags());
    const { tags, absent, whole } = await choose({ specs: ["margo-lite"], withBuildDependencies: false });
    const names = [...tags.keys()];
    expect(names.at(-1)).toBe(await fixtureTag("margo-lite"));
    expect(names).toHaveLength(6);
    expect(names.indexOf(await fixtureTag("argobots-lite-1.2"))).toBeGreaterThanOrEqual(0);
    expect({ absent, whole }).toEqual({ absent: [], whole: false });
  });

  it("reports run-time dependencies that no source has", async () => {
    const json = await fixtureTag("json-c-lite");
    await copyImages(first, [await fixtureTag("margo-lite")]);
    await copyImages(second, [json]);
    const { tags, absent } = await choose({ specs: ["margo-lite"] });
    const specs = await fixtureSpecs();
    const margo = specs.get(await fixtureTag("margo-lite"));
    expect([...tags.keys()].sort()).toEqual([json, await fixtureTag("margo-lite")].sort());
    expect(absent.map(packageTag)).not.toContain(json);
    expect(absent.map(({ name }) => name).sort()).toEqual([
      "argobots-lite",
      "gcc-runtime",
      "libfabric-lite",
      "mercury-lite",
    ]);
    for (const { hash } of absent) expect(margo?.graph.has(hash)).toBe(true);
  });

  it("takes only the dependencies on request", async () => {
    await copyImages(first, await fixtureTags());
    const { tags } = await choose({
      specs: ["json-c-lite"],
      only: "dependencies",
      withBuildDependencies: false,
    });
    expect([...tags.keys()]).toEqual([await fixtureTag("gcc-runtime")]);
  });

  it("fails if a spec matches nothing in any source", async () => {
    await copyImages(first, [await fixtureTag("json-c-lite")]);
    await expect(choose({ specs: ["nothing"] })).rejects.toMatchObject({ code: "ERR_SPEC_NOT_FOUND" });
  });
});

it("assigns the tags of signatures to their images", async () => {
  const tag = `sha256-${"1".repeat(64)}.sig`;
  await pushImage(first, tag, "{}");
  await pushImage(first, "sha256-short.sig", "{}");
  const { companions, tags } = await openSource(first);
  expect([...companions]).toEqual([[`sha256:${"1".repeat(64)}`, [tag]]]);
  expect(tags.size).toBe(2);
});
