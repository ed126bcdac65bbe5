// The index as written and read back, compared with Spack's own.

import { fetchManifest, MEDIA_TYPES, MemoryTarget, pushBytes } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import { readIndex, resolveIndex } from "../../src/package-index/read-index.js";
import { writeIndex } from "../../src/package-index/write-index.js";
import { fixtureLayout, fixtureSpecs, pushImage } from "../support/image.js";
import { indexJson } from "../support/index-text.js";

const specs = async () => [...(await fixtureSpecs()).values()];

describe("the index", () => {
  it("equals Spack's own, including the members of its manifest", async () => {
    const target = new MemoryTarget("index");
    expect(await writeIndex(target, await specs(), undefined)).toMatchObject({ outcome: "written" });
    const [ours, theirs] = await Promise.all([indexJson(target), indexJson(fixtureLayout)]);
    expect(ours).toEqual(theirs);
    const [mine, spacks] = await Promise.all(
      [target, fixtureLayout].map(async (each) => (await fetchManifest(each, "index.spack")).manifest),
    );
    expect(Object.keys(mine ?? {})).toEqual(Object.keys(spacks ?? {}));
  });

  it("has the same bytes in any order of packages, and is not written twice", async () => {
    const target = new MemoryTarget("index");
    const { image } = await writeIndex(target, await specs(), undefined);
    expect(await resolveIndex(target)).toEqual(image);
    const reversed = (await specs()).reverse();
    expect(await writeIndex(target, reversed, { current: image })).toEqual({ outcome: "unchanged", image });
    const fewer = await writeIndex(target, reversed.slice(1), { current: image });
    expect(fewer.outcome).toBe("written");
    expect(await resolveIndex(target)).toEqual(fewer.image);
  });

  it("is undefined if it does not exist", async () => {
    expect(await readIndex(new MemoryTarget("empty"))).toBeUndefined();
  });

  it("is corrupt if it has no layer, or is an image index", async () => {
    const target = new MemoryTarget("bad");
    await pushImage(target, "index.spack", "{}", 0);
    const malformed = { code: "ERR_INDEX_MALFORMED", kind: "corrupt", place: "memory:bad:index.spack" };
    await expect(readIndex(target)).rejects.toMatchObject(malformed);
    const list = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [] }),
    );
    await pushBytes(target, list, { mediaType: MEDIA_TYPES.ociIndex, tag: "index.spack" });
    await expect(readIndex(target)).rejects.toMatchObject(malformed);
  });
});
