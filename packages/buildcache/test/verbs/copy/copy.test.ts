// Copies between buildcaches in memory: what appears, what is deleted, and what the index lists afterwards.

import { SpackOciError } from "@spack-oci/errors";
import { type Digest, fetchManifest, MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { INDEX_TAG } from "../../../src/package-image/tags.js";
import { readIndex } from "../../../src/package-index/read-index.js";
import { DirectoryFiles } from "../../../src/sources/v3-mirror/directory-files.js";
import { copy } from "../../../src/verbs/copy/copy.js";
import type { CopyRequest } from "../../../src/verbs/copy/copy-request.js";
import { updateIndex } from "../../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";
import { type RecordedRun, recordedRun } from "../../support/run.js";

let source: MemoryTarget;
let destination: MemoryTarget;
let run: RecordedRun;
beforeEach(async () => {
  source = new MemoryTarget("source");
  destination = new MemoryTarget("destination");
  run = recordedRun();
  await copyImages(source, await fixtureTags(), true);
  await updateIndex(source, {}, { run: recordedRun() });
});

async function copyTo(request: Partial<CopyRequest> = {}, from: readonly MemoryTarget[] = [source]) {
  const [result] = await copy(from, { specs: [], to: [destination], ...request }, { run });
  if (result === undefined) throw new Error("no result");
  return result;
}

async function digests(target: MemoryTarget): Promise<Record<string, Digest>> {
  const found: Record<string, Digest> = {};
  for await (const tag of target.tags()) found[tag] = (await target.resolve(tag)).digest;
  return found;
}

async function indexed(): Promise<string[]> {
  const index = await readIndex(destination);
  return index === undefined ? [] : index.packages.map(({ name }) => name);
}

describe("a whole buildcache", () => {
  it("has the same digests afterwards, and the same index", async () => {
    const result = await copyTo();
    expect(await digests(destination)).toEqual(await digests(source));
    expect(result.tags.every(({ outcome }) => outcome === "copied")).toBe(true);
    expect(result).toMatchObject({ destination: "memory:destination", present: [], absent: [], surplus: [] });
    expect((await indexed()).length).toBe((await fixtureTags()).length);
  });

  it("is copied once: a second copy finds everything present", async () => {
    await copyTo();
    const again = await copyTo();
    expect(again).toMatchObject({ planned: [], tags: [], index: undefined });
    expect(again.present).toEqual(await fixtureTags());
  });

  it("is only planned in a dry run", async () => {
    const result = await copyTo({ dryRun: true });
    expect(result.planned).toEqual(await fixtureTags());
    expect(await digests(destination)).toEqual({});
  });

  it("follows a tag that moved, and ignores a package tag that moved unless asked to verify", async () => {
    await pushImage(source, "latest", `{"new": true}`);
    const tag = await fixtureTag("json-c-lite");
    await copyTo();
    await pushImage(source, "latest", `{"newer": true}`);
    await pushImage(destination, tag, "{}");
    expect((await copyTo()).planned).toEqual(["latest"]);
    expect((await digests(destination))["latest"]).toBe((await digests(source))["latest"]);
    expect((await copyTo({ verify: true })).planned).toEqual([tag]);
    expect(await digests(destination)).toEqual(await digests(source));
  });
});

describe("specs", () => {
  it("select packages and dependencies, which alone get into the index", async () => {
    const { planned } = await copyTo({ specs: ["json-c-lite"], withBuildDependencies: false });
    expect(planned).toEqual([await fixtureTag("gcc-runtime"), await fixtureTag("json-c-lite")]);
    expect(await indexed()).toEqual(["gcc-runtime", "json-c-lite"]);
  });

  it("warn about run-time dependencies that no source has", async () => {
    await source.delete({ tag: await fixtureTag("gcc-runtime") });
    const { absent } = await copyTo({ specs: ["json-c-lite"] });
    expect(absent.map(({ name }) => name)).toEqual(["gcc-runtime"]);
    expect(run.warnings()).toContainEqual(
      expect.stringMatching(/^gcc-runtime@.* is not in any source; packages that depend on it are copied/),
    );
  });
});

describe("deletion", () => {
  const old = `old-1-${"a".repeat(32)}.spack`;
  beforeEach(() => pushImage(destination, old, "{}"));

  it("does not happen unless requested", async () => {
    expect((await copyTo()).surplus).toEqual([]);
    expect(await digests(destination)).toHaveProperty([old]);
  });

  it("removes tags that no source has, once confirmed", async () => {
    const confirmDeletion = vi.fn(async () => true);
    const { deleted, surplus } = await copyTo({ delete: true, confirmDeletion });
    expect(confirmDeletion).toHaveBeenCalledExactlyOnceWith("memory:destination", [old]);
    expect({ deleted, surplus }).toEqual({ deleted: [old], surplus: [old] });
    expect(await digests(destination)).toEqual(await digests(source));
  });

  it("leaves tags alone if it is declined, but copies", async () => {
    const { deleted } = await copyTo({ delete: true, confirmDeletion: async () => false });
    expect(deleted).toEqual([]);
    expect(Object.keys(await digests(destination))).toHaveLength((await fixtureTags()).length + 2);
  });

  it("fails before anything is written if nobody can confirm it", async () => {
    await expect(copyTo({ delete: true })).rejects.toMatchObject({ code: "ERR_DELETION_UNCONFIRMED" });
    expect(Object.keys(await digests(destination))).toEqual([old]);
  });

  it("does not happen after a failed copy", async () => {
    const tag = await fixtureTag("json-c-lite");
    const push = destination.push.bind(destination);
    destination.push = async (descriptor, body, options) => {
      if (options?.tag === tag) throw new SpackOciError("ERR_DENIED", "no", { kind: "denied" });
      return push(descriptor, body, options);
    };
    const { deleted, tags } = await copyTo({ delete: true, confirmDeletion: async () => true });
    expect(deleted).toEqual([]);
    expect(tags.filter(({ outcome }) => outcome === "failed").map((each) => each.tag)).toEqual([tag]);
    expect(await digests(destination)).toHaveProperty([old]);
    expect(await indexed()).not.toContain("json-c-lite");
  });
});

describe("the destination's index", () => {
  it("keeps packages that only the destination has", async () => {
    const target = new MemoryTarget("own");
    await copyImages(target, [await fixtureTag("margo-lite")], true);
    await updateIndex(target, {}, { run });
    destination = target;
    await copyTo({ specs: ["json-c-lite"], only: "package" });
    expect((await indexed()).sort()).toEqual(["json-c-lite", "margo-lite"]);
  });

  it("is not created if no source has one", async () => {
    await source.delete({ tag: INDEX_TAG });
    expect((await copyTo()).index).toBeUndefined();
    await expect(fetchManifest(destination, INDEX_TAG)).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("Spack v3 mirrors", () => {
  const files = new DirectoryFiles("/nonexistent");
  it.each([
    ["two sources", [new MemoryTarget("a"), files], {}, "one source and one destination"],
    ["two of them", [files], { to: [files] }, "must be a buildcache"],
    ["--delete", [files], { delete: true }, "--delete and --verify"],
    ["--verify", [files], { verify: true }, "--delete and --verify"],
  ] as const)("do not support %s", async (_what, from, request, message) => {
    const rejected = copy(from, { specs: [], to: [destination], ...request }, { run });
    await expect(rejected).rejects.toMatchObject({
      code: "ERR_USAGE",
      kind: "usage",
      message: expect.stringContaining(message),
    });
  });
});
