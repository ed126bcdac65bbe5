// A site of the buildcache that Spack wrote: what is read, what is kept, and what is reported.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Buildcache, createScheduler, site } from "@spack-oci/buildcache";
import { copyImage, MemoryTarget } from "@spack-oci/oci-client";
import type { SiteCatalog } from "@spack-oci/site";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../../tests/support/scratch.js";
import { buildSiteAssets } from "../../../../../tests/support/site.js";
import { fixtureLayout, fixtureTag, fixtureTags } from "../../support/image.js";

const run = { scheduler: createScheduler(4) };
const directory = scratchDirectory("site");

beforeAll(buildSiteAssets, 60_000);
beforeEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (mirror: Buildcache, files = false) => site(mirror, { directory, files }, { run });
const catalog = () => JSON.parse(readFileSync(join(directory, "catalog.json"), "utf8")) as SiteCatalog;

/** All of the fixture, to change something about it. */
async function copyOfFixture(): Promise<MemoryTarget> {
  const target = new MemoryTarget("copy");
  for (const tag of [...(await fixtureTags()), "index.spack"])
    await copyImage({ from: fixtureLayout, to: target }, tag, { tag });
  return target;
}

describe("site", () => {
  it("reads each image once, and then only what is new", async () => {
    const mirror = await copyOfFixture();
    expect(await write(mirror)).toMatchObject({ packages: 20, read: 20, findings: [] });
    const before = catalog();
    expect(await write(mirror)).toMatchObject({ packages: 20, read: 0 });
    expect(catalog().packages).toEqual(before.packages);
    // Layers were not read for their files before.
    expect(await write(mirror, true)).toMatchObject({ packages: 20, read: 20 });
    expect(await write(mirror, true)).toMatchObject({ packages: 20, read: 0 });
  });

  it("reads an image again whose tag has moved", async () => {
    const mirror = await copyOfFixture();
    await write(mirror);
    const [margo, other] = [await fixtureTag("margo-lite"), await fixtureTag("json-c-lite")];
    await mirror.tag(await mirror.resolve(other), margo);
    const result = await write(mirror);
    expect(result.read).toBe(1);
    expect(result.findings).toMatchObject([{ tag: margo, severity: "error" }]);
    expect(catalog().packages.find(({ tag }) => tag === margo)?.image).toBeUndefined();
    expect(catalog().findings).toMatchObject([{ tag: margo }]);
  });

  it("shows what the index does not list as a warning, and signatures of cosign", async () => {
    const mirror = await copyOfFixture();
    const tag = await fixtureTag("margo-lite");
    const image = await mirror.resolve(tag);
    const unlisted = `new-1.0-${"a".repeat(32)}.spack`;
    await mirror.tag(image, unlisted);
    await mirror.tag(image, `${image.digest.replace(":", "-")}.sig`);
    expect((await write(mirror)).findings).toMatchObject([{ tag: unlisted, kind: "not-in-index" }]);
    expect(catalog().packages.find((each) => each.tag === tag)?.image?.referrers).toEqual(["sig"]);
  });
});
