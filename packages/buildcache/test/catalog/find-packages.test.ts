// Finding packages with an index, without one, and beyond an outdated one.

import { MemoryTarget } from "@spack-oci/oci-client";
import { renderFind } from "@spack-oci/spack-spec";
import { beforeEach, describe, expect, it } from "vitest";
import { findPackages, findUnlisted } from "../../src/catalog/find-packages.js";
import type { BuildcacheEvent } from "../../src/events/events.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import { list } from "../../src/verbs/list/list.js";
import { updateIndex } from "../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureTag, pushImage } from "../support/image.js";

const scheduler = createScheduler(2);
const warnings: string[] = [];
const listener = (event: BuildcacheEvent) => {
  if (event.type === "warning") warnings.push(event.message);
};
const run = { scheduler, listener };
let target: MemoryTarget;

beforeEach(() => {
  warnings.length = 0;
  target = new MemoryTarget("found");
});

const find = async (...specs: string[]) =>
  (await findPackages([target], { specs }, run)).chosen.map(({ name, version }) => `${name}@${version}`);
const copy = async (...starts: string[]) => copyImages(target, await Promise.all(starts.map(fixtureTag)));

describe("findPackages", () => {
  it("reads the tags if there is no index, with one warning", async () => {
    await copy("json-c-lite", "argobots-lite-1.2");
    expect(await find()).toEqual(["argobots-lite@1.2", "json-c-lite@0.18"]);
    expect(warnings).toEqual([expect.stringContaining("has no package index")]);
  });

  it("finds packages that the index does not list", async () => {
    await copy("json-c-lite");
    await updateIndex(target, {}, { run });
    await copy("argobots-lite-1.2", "argobots-lite-main", "margo-lite");
    expect(await find("json-c-lite")).toEqual(["json-c-lite@0.18"]);
    expect(warnings).toEqual([]);
    expect(await find("json-c-lite", "argobots-lite@1.2")).toEqual(["json-c-lite@0.18", "argobots-lite@1.2"]);
    expect(await find("/n3c43qu")).toEqual(["argobots-lite@main"]);
    expect(warnings[0]).toMatch(/does not list argobots-lite\. Run "spack-oci update-index"/);
    const ambiguous = expect.stringMatching(
      /argobots-lite@1\.2\/qei4a2e {2}stackguard=none\n {2}argobots-lite@main\/n3c43qu {2}stackguard=mprotect$/,
    );
    await expect(find("argobots-lite")).rejects.toMatchObject({
      code: "ERR_SPEC_AMBIGUOUS",
      message: ambiguous,
    });
    await expect(find("thallium-lite")).rejects.toMatchObject({ code: "ERR_SPEC_NOT_FOUND" });
    // Without specs, only the index counts.
    expect(await find()).toEqual(["json-c-lite@0.18"]);
  });

  it("reports why an existing package cannot be read, with and without an index", async () => {
    await copy("json-c-lite");
    await pushImage(target, `zlib-1-${"a".repeat(32)}.spack`, "{");
    await expect(find("zlib")).rejects.toMatchObject({ kind: "corrupt" });
    expect(warnings[1]).toMatch(/^zlib-1-a+\.spack is left out: /);
    await updateIndex(target, {}, { run });
    await expect(find("zlib")).rejects.toMatchObject({ kind: "corrupt" });
    expect(await find("json-c-lite")).toEqual(["json-c-lite@0.18"]);
  });

  it("finds nothing in an empty buildcache", async () => {
    expect(await find()).toEqual([]);
    await expect(find("zlib")).rejects.toMatchObject({ code: "ERR_SPEC_NOT_FOUND", kind: "not-found" });
  });
});

it("finds dependencies that have a tag but are not in the index", async () => {
  await copy("margo-lite");
  const { catalog } = await findPackages([target], { specs: [] }, { scheduler });
  await copy("mercury-lite-2.4.0-yu3", "libfabric-lite-1.22.0");
  const nodes = [...catalog.graph.values()].filter(({ name }) =>
    /^(mercury|libfabric|json-c)-lite$/.test(name),
  );
  const unlisted = await findUnlisted(nodes, target, run);
  expect(unlisted.map(({ name }) => name).sort()).toEqual(["libfabric-lite", "mercury-lite"]);
  expect(await findUnlisted([], target, run)).toEqual([]);
});

it("lists by name, version and hash", async () => {
  await copy("json-c-lite", "argobots-lite-main", "argobots-lite-1.2");
  const listed = renderFind(await list(target, { specs: [] }, { run }), { format: "{name}@{version}" });
  expect(listed).toBe("argobots-lite@1.2\nargobots-lite@main\njson-c-lite@0.18\n");
});
