// The index as it is written, read back, and compared with Spack's own.
import { fetchManifest, MemoryTarget, mediaTypes, pushBytes } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import { readIndex } from "../../src/index/read-index.js";
import { scanTags } from "../../src/index/scan-tags.js";
import { writeIndex } from "../../src/index/write-index.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import { fixtureLayout, fixtureTags, pushImage } from "../support/image.js";

const specs = async () => (await scanTags(fixtureLayout, createScheduler(4), await fixtureTags())).specs;

describe("the index", () => {
  it("is Spack's own, to its manifest's digest", async () => {
    const target = new MemoryTarget("index");
    expect(await writeIndex(target, await specs(), undefined)).toBe("written");
    const [ours, theirs] = await Promise.all([readIndex(target), readIndex(fixtureLayout)]);
    expect(ours?.document).toEqual(theirs?.document);
    const [mine, spacks] = await Promise.all(
      [target, fixtureLayout].map(async (each) => (await fetchManifest(each, "index.spack")).manifest),
    );
    expect(Object.keys(mine ?? {})).toEqual(Object.keys(spacks ?? {}));
  });

  it("is not written again where it is right", async () => {
    const target = new MemoryTarget("index");
    await writeIndex(target, await specs(), undefined);
    const current = await readIndex(target);
    const before = await target.resolve("index.spack");
    expect(await writeIndex(target, await specs(), current?.descriptor)).toBe("unchanged");
    expect(await writeIndex(target, (await specs()).slice(1), current?.descriptor)).toBe("written");
    expect(await target.resolve("index.spack")).not.toEqual(before);
  });

  it("is undefined where there is none", async () => {
    expect(await readIndex(new MemoryTarget("empty"))).toBeUndefined();
  });

  it("is corrupt where it has no layer, or is a list of images", async () => {
    const target = new MemoryTarget("bad");
    await pushImage(target, "index.spack", "{}", 0);
    const malformed = { code: "ERR_INDEX_MALFORMED", kind: "corrupt", place: "memory:bad:index.spack" };
    await expect(readIndex(target)).rejects.toMatchObject(malformed);
    const list = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }),
    );
    await pushBytes(target, mediaTypes.ociIndex, list, { tag: "index.spack" });
    await expect(readIndex(target)).rejects.toMatchObject(malformed);
  });
});
