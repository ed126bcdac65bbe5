// Packages for several platforms become an image index.

import { join } from "node:path";
import { fetchManifest, type ImageIndex, ImageLayout, isImageIndex, pushBytes } from "@spack-oci/oci-client";
import { beforeAll, describe, expect, it } from "vitest";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { configOf, imageOf, tagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic } from "../support/synthetic-buildcache.js";

const OCI = "application/vnd.oci.image";
const directory = join(scratchDirectory("image-platforms"), "mirror");
const mirror = new ImageLayout(directory);

beforeAll(async () => {
  await pushSynthetic(mirror, [
    { name: "lib.x86", target: "x86_64" },
    { name: "app.x86", target: "x86_64_v3", dependencies: ["lib.x86"] },
    { name: "lib.arm", target: "aarch64" },
    { name: "app.arm", target: "neoverse_v1", dependencies: ["lib.arm"] },
    { name: "app.zen", target: "zen4", dependencies: ["lib.x86"] },
    { name: "only.x86", target: "x86_64", dependencies: ["lib.x86"] },
  ]);
});

function image(tag: string, ...args: readonly string[]): Promise<CommandRun> {
  return spackOci(["image", `oci-layout:${directory}`, ...args, "--tag", tag]);
}

async function indexOf(tag: string): Promise<ImageIndex> {
  const { manifest } = await fetchManifest(mirror, tag);
  if (!isImageIndex(manifest)) throw new Error(`${tag} is not an image index`);
  return manifest;
}

const both = ["--platform", "linux/amd64/v3", "--platform", "linux/arm64"];

describe("several platforms", () => {
  it("are joined in an index, with one image for each platform", async () => {
    expect(await image("both", "app", ...both)).toMatchObject({ status: 0 });
    const { manifests, mediaType } = await indexOf("both");
    expect(mediaType).toBe(`${OCI}.index.v1+json`);
    expect(manifests.map(({ platform }) => platform)).toEqual([
      { os: "linux", architecture: "amd64", variant: "v3" },
      { os: "linux", architecture: "arm64" },
    ]);
    for (const { digest, platform } of manifests) {
      expect((await imageOf(mirror, digest)).layers).toHaveLength(2);
      expect(await configOf(mirror, digest)).toMatchObject({
        os: "linux",
        architecture: platform?.architecture,
      });
    }
  });

  it("default to those of the packages", async () => {
    expect(await image("all")).toMatchObject({ status: 0 });
    const { manifests } = await indexOf("all");
    expect(manifests.map(({ platform }) => platform?.architecture).sort()).toEqual(["amd64", "arm64"]);
  });

  it("each have their own base image", async () => {
    const base = new ImageLayout(join(scratchDirectory("base"), "base"));
    const manifests = [];
    for (const architecture of ["arm64", "amd64"]) {
      const config = {
        architecture,
        os: "linux",
        rootfs: { type: "layers", diff_ids: ["sha256:x"] },
        config: {},
      };
      const text = Buffer.from(JSON.stringify(config));
      const { descriptor } = await pushBytes(base, text, { mediaType: `${OCI}.config.v1+json` });
      const layer = await pushBytes(base, Buffer.from(architecture), {
        mediaType: `${OCI}.layer.v1.tar+gzip`,
      });
      const manifest = { schemaVersion: 2, config: descriptor, layers: [layer.descriptor] };
      const bytes = Buffer.from(JSON.stringify(manifest));
      const pushed = await pushBytes(base, bytes, { mediaType: `${OCI}.manifest.v1+json` });
      manifests.push({ ...pushed.descriptor, platform: { os: "linux", architecture } });
    }
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    await pushBytes(base, index, { mediaType: `${OCI}.index.v1+json`, tag: "latest" });
    const run = await image("based", "app", ...both, "--base-image", `${base.name}:latest`);
    expect(run).toMatchObject({ status: 0 });
    const listed = (await indexOf("based")).manifests;
    const sizes = await Promise.all(
      listed.map(async ({ digest }) => (await imageOf(mirror, digest)).layers[0]?.size),
    );
    expect(sizes).toEqual(["amd64".length, "arm64".length]);
  });

  it("are listed in the digests file: the index, and its images", async () => {
    const run = await image("both", "app", ...both, "--json");
    const { image: index, platforms } = run.json<{
      image: { digest: string };
      platforms: { platform: string; image: { digest: string } }[];
    }>();
    expect(index.digest).toBe((await mirror.resolve("both")).digest);
    expect(platforms.map((each) => [each.platform, each.image.digest])).toEqual(
      (await indexOf("both")).manifests.map(({ digest }, at) => [
        ["linux/amd64/v3", "linux/arm64"][at],
        digest,
      ]),
    );
  });
});

describe("one platform", () => {
  it("is a plain image of the package for it", async () => {
    expect(await image("one", "app", "--platform", "linux/amd64/v4")).toMatchObject({ status: 0 });
    expect(await configOf(mirror, "one")).toMatchObject({ architecture: "amd64" });
    expect((await image("several", "app", "--platform", "linux/amd64")).stderr).toContain(
      "matches 2 packages",
    );
  });
});

describe("a platform without packages", () => {
  it.each([
    ["linux/riscv64", 3, "linux/riscv64"],
    ["windows/amd64", 2, "is not a platform"],
    ["amd64", 2, "is not a platform"],
    ["linux/amd64/v9", 3, "linux/amd64/v9"],
  ])("(%s) is rejected, and nothing is written", async (platform, status, words) => {
    const run = await image("none", "app", "--platform", "linux/arm64", "--platform", platform);
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(words);
    expect(await tagsOf(mirror)).not.toContain("none");
  });

  it("is distinguished from a package for other platforms", async () => {
    const run = await image("none", "only", "--platform", "linux/arm64");
    expect(run).toMatchObject({ status: 3 });
    expect(run.stderr).toContain("only is not in oci-layout:");
    expect(run.stderr).toContain("for linux/arm64");
  });
});
