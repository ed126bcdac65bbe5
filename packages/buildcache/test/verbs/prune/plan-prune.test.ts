// Which packages a prune keeps, and in which order it deletes the others.

import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { packageTag } from "../../../src/package-image/tags.js";
import { createScheduler } from "../../../src/schedule/scheduler.js";
import { planPrune } from "../../../src/verbs/prune/plan-prune.js";
import type { PruneRequest } from "../../../src/verbs/prune/prune-request.js";
import { updateIndex } from "../../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureConfig, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";
import { graphOf, hashOf, node } from "../../support/nodes.js";

const run = { scheduler: createScheduler(4) };
let target: MemoryTarget;
beforeEach(async () => {
  target = new MemoryTarget("test");
  await copyImages(target, await fixtureTags());
  await updateIndex(target, {}, { run });
});

function plan(request: Partial<PruneRequest>) {
  return planPrune(target, { environments: [], ...request }, run);
}

async function keeps(request: Partial<PruneRequest>): Promise<string[]> {
  return (await plan(request)).kept.map((item) => item.node.name).sort();
}

const MARGO = ["argobots-lite", "gcc-runtime", "json-c-lite", "libfabric-lite", "margo-lite", "mercury-lite"];

describe("what is kept", () => {
  it("are roots with their link and run dependencies", async () => {
    expect(await keeps({ keep: ["margo-lite"] })).toEqual(MARGO);
    const { toDelete, kept } = await plan({ keep: ["margo-lite"] });
    expect([...toDelete, ...kept].map(({ tag }) => tag).sort()).toEqual(await fixtureTags());
  });

  it("are build dependencies on request", async () => {
    const withBuild = await keeps({ keep: ["margo-lite"], keepBuild: true });
    expect(withBuild).toEqual(expect.arrayContaining([...MARGO, "build-tool-lite", "compiler-wrapper"]));
  });

  it("are all matches of a spec, and hashes with or without a slash", async () => {
    expect(await keeps({ keep: ["libfabric-lite"] })).toEqual([
      "gcc-runtime",
      "libfabric-lite",
      "libfabric-lite",
    ]);
    const hash = (await fixtureTag("json-c-lite")).slice(-38, -6);
    expect(await keeps({ keep: [`/${hash}`] })).toEqual(["gcc-runtime", "json-c-lite"]);
    expect(await keeps({ keep: [`/${hash.slice(0, 7)}`] })).toEqual(["gcc-runtime", "json-c-lite"]);
  });

  it("are the roots of environments, whose lock files provide their dependencies", async () => {
    const images = await fixtureTags();
    const margo = images.find((tag) => tag.startsWith("margo-lite"))?.slice(-38, -6) ?? "";
    const graph = graphOf(node("top", [`left:link`]), { ...node("left"), dependencies: [edgeTo(margo)] });
    const environment = { name: "e", roots: [hashOf("top")], graph };
    expect(await keeps({ environments: [environment] })).toEqual(MARGO);
  });

  it("are recent packages with their dependencies", async () => {
    const [tag] = [await fixtureTag("margo-lite")];
    const young = {
      ...(JSON.parse(await fixtureConfig(tag)) as object),
      archive_timestamp: "2030-01-01T00:00:00+00:00",
    };
    await pushImage(target, tag, JSON.stringify(young));
    expect(await keeps({ olderThan: new Date("2029-01-01") })).toEqual(MARGO);
    expect((await keeps({ olderThan: new Date("2020-01-01") })).length).toBe((await fixtureTags()).length);
    expect(await keeps({ olderThan: new Date("2031-01-01") })).toEqual([]);
    // Each of them alone is a reason to keep a package.
    expect(await keeps({ olderThan: new Date("2031-01-01"), keep: ["margo-lite"] })).toEqual(MARGO);
  });

  it("are packages without a time, or that cannot be read", async () => {
    const [ageless, broken] = [await fixtureTag("json-c-lite"), await fixtureTag("tricky-names")];
    const { archive_timestamp: _time, ...config } = JSON.parse(await fixtureConfig(ageless)) as Record<
      string,
      unknown
    >;
    await pushImage(target, ageless, JSON.stringify(config));
    await pushImage(target, broken, "{");
    const { kept, unreadable } = await plan({ olderThan: new Date("2031-01-01") });
    expect(kept.map((item) => item.tag).sort()).toEqual(
      [await fixtureTag("gcc-runtime"), ageless, broken].sort(),
    );
    expect(unreadable.map(({ tag }) => tag)).toEqual([broken]);
  });
});

describe("what is deleted", () => {
  it("goes before its dependencies", async () => {
    const { toDelete } = await plan({ keep: ["tricky-names"] });
    const gone = new Set<string>();
    expect(toDelete).toHaveLength((await fixtureTags()).length - 1);
    for (const { node: each } of toDelete) {
      for (const { hash } of each.dependencies) expect(gone).not.toContain(hash);
      gone.add(each.hash);
    }
  });

  it("includes packages that are not in the index", async () => {
    const tag = await fixtureTag("tricky-names");
    await target.delete({ tag });
    await updateIndex(target, {}, { run });
    await copyImages(target, [tag]);
    const { toDelete } = await plan({ keep: ["margo-lite"] });
    expect(toDelete.map((item) => item.tag)).toContain(tag);
    expect(await keeps({ keep: ["tricky-names"] })).toEqual(["tricky-names"]);
  });

  it("excludes images that are not packages, and packages with another package's tag", async () => {
    const config = await fixtureConfig(await fixtureTag("tricky-names"));
    await pushImage(target, "my-own.spack", config);
    await pushImage(target, "latest", "{}");
    await pushImage(target, "foreign.spack", JSON.stringify({ os: "linux" }));
    const { others, unreadable, toDelete } = await plan({ keep: ["margo-lite"] });
    expect(others).toEqual(["latest"]);
    expect(unreadable.map(({ tag }) => tag)).toEqual(["foreign.spack", "my-own.spack"]);
    expect(toDelete.map(({ tag }) => tag)).not.toContain("my-own.spack");
  });
});

describe("a request", () => {
  it("that keeps nothing is a mistake; an empty list is intended", async () => {
    await expect(plan({})).rejects.toMatchObject({ code: "ERR_PRUNE_KEEPS_NOTHING", kind: "usage" });
    expect((await plan({ keep: [] })).kept).toEqual([]);
  });

  it("with a spec that matches nothing is rejected; a missing hash is reported", async () => {
    await expect(plan({ keep: ["margo-light"] })).rejects.toMatchObject({ code: "ERR_SPEC_NOT_FOUND" });
    const { absent, kept } = await plan({ keep: [`/${"a".repeat(32)}`, "margo-lite"] });
    expect(absent).toEqual(["a".repeat(32)]);
    expect(kept.map((item) => packageTag(item.node)).sort()).toEqual(kept.map(({ tag }) => tag).sort());
  });
});

function edgeTo(hash: string) {
  return { name: "margo-lite", hash, deptypes: ["run" as const], virtuals: [], direct: false };
}
