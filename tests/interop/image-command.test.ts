// Other tools read, copy, unpack and run images built from a buildcache.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout, MEDIA_TYPES, openTarget, pushBytes } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { describePrefix } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import { configOf, type ImageConfig, imageOf } from "../support/images.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic } from "../support/synthetic-buildcache.js";
import { makeLoaderImage } from "./support/loader-image.js";
import { runSampleProgram, sampleProgram } from "./support/sample-program.js";
import { describeWithTools, output } from "./support/tool.js";

const scratch = scratchDirectory("image-command");
const layout = join(scratch, "mirror");
const mirror = new ImageLayout(layout);
const isRoot = process.getuid?.() === 0;

beforeAll(async () => {
  cpSync(fixture("oci-layout-main"), layout, { recursive: true });
  const base = `oci-layout:${fixture("oci-layout-base")}:latest`;
  await image("viewed", "--base-image", base, "--view", "/opt/view", "--max-layers", "4");
});

async function image(tag: string, ...args: readonly string[]): Promise<void> {
  const run = await spackOci(["image", mirror.name, "thallium-lite", "--tag", tag, ...args]);
  expect(run).toMatchObject({ status: 0 });
}

async function unpack(tag: string, from = layout): Promise<string> {
  const bundle = join(scratch, `bundle-${tag}`);
  const how = isRoot ? [] : ["--rootless"];
  await output("umoci", "unpack", ...how, "--image", `${from}:${tag}`, bundle);
  return join(bundle, "rootfs");
}

describeWithTools("skopeo")("skopeo", () => {
  let registry: RunningRegistry;
  const [[, start]] = registries as [(typeof registries)[number]];
  beforeAll(async () => {
    registry = await start();
  });
  afterAll(() => registry.stop());

  it("inspects an image", async () => {
    const { digest } = await mirror.resolve("viewed");
    const { layers } = await imageOf(mirror, "viewed");
    const { created, config } = await configOf(mirror, "viewed");
    const inspected = JSON.parse(await output("skopeo", "inspect", `oci:${layout}:viewed`)) as ImageConfig;
    expect(inspected).toMatchObject({
      Digest: digest,
      Architecture: "amd64",
      Os: "linux",
      Created: created,
      Layers: layers.map((layer) => layer.digest),
      Env: config["Env"],
    });
  });

  it("copies an image, and an image index with its images", async () => {
    const several = new ImageLayout(join(scratch, "several"));
    await pushSynthetic(several, [{ name: "app.x86" }, { name: "app.arm", target: "aarch64" }]);
    expect(await spackOci(["image", several.name, "--tag", "both"])).toMatchObject({ status: 0 });
    for (const [from, tag] of [
      [mirror, "viewed"],
      [several, "both"],
    ] as const) {
      const to = `docker://${registry.host}/copied/image:${tag}`;
      const options = ["--all", "--preserve-digests", "--dest-tls-verify=false"];
      await output("skopeo", "--insecure-policy", "copy", ...options, `oci:${from.directory}:${tag}`, to);
      const copied = await openTarget(registry.location("copied/image")).resolve(tag);
      expect(copied.digest).toBe((await from.resolve(tag)).digest);
    }
  });
});

describeWithTools("umoci")("umoci", () => {
  if (!isRoot) console.log("skipped: programs of images, because only root may change the root directory");

  beforeAll(async () => {
    const base = join(scratch, "base");
    await makeLoaderImage(base);
    await image("app", "--base-image", `oci-layout:${base}:latest`);
    await image("linked", "--base-image", `oci-layout:${base}:latest`, "--view", "/opt/view", "--squash");
  });

  it.skipIf(!isRoot).each(["app", "linked"])(
    "unpacks %s, and its program runs in the image's environment",
    async (tag) => {
      const { Env } = (await configOf(mirror, tag)).config as { Env: string[] };
      expect(Env).toContain("BASE_HOME=/srv");
      const said = await runSampleProgram(await unpack(tag), Env);
      // The paths of the buildcache's own store.
      const here = await output(sampleProgram());
      expect(said).toBe(here.replaceAll(extractSampleStore(), "/tmp/spackA/opt"));
      expect(said).toContain("/tmp/spackA/opt/");
    },
  );

  it("unpacks merged layers to the same tree as the separate layers", async () => {
    const COUNT = 200;
    const from = new ImageLayout(join(scratch, "many"));
    const packages = Array.from({ length: COUNT }, (_, index) => ({
      name: `p${index}`,
      dependencies: index === 0 ? [] : [`p${index - 1}`],
      files: {
        [`bin/p${index}`]: "x".repeat(index),
        "lib/one": `${index}`,
        "lib/two": "== lib/one",
        link: "-> lib",
      },
    }));
    const pushed = [...(await pushSynthetic(from, packages)).values()];
    const run = await spackOci(["image", from.name, `/${pushed.at(-1)?.hash}`, "--tag", "merged"]);
    expect(run).toMatchObject({ status: 0 });
    expect((await imageOf(from, "merged")).layers).toHaveLength(127);
    await pushUnmerged(
      from,
      pushed.map(({ tag }) => tag),
    );
    const [merged, unmerged] = [
      await unpack("merged", from.directory),
      await unpack("unmerged", from.directory),
    ];
    expect(describePrefix(merged)).toEqual(describePrefix(unmerged));
  }, 120_000);
});

/** One image with the layers of all packages, more than an engine can stack; umoci does not stack them. */
async function pushUnmerged(target: ImageLayout, tags: readonly string[]): Promise<void> {
  const images = await Promise.all(tags.map((tag) => imageOf(target, tag)));
  const configs = await Promise.all(tags.map((tag) => configOf(target, tag)));
  const diffIds = configs.flatMap((config) => (config["rootfs"] as { diff_ids: string[] }).diff_ids);
  const config = { ...configs[0], rootfs: { type: "layers", diff_ids: diffIds }, spec: undefined };
  const text = Buffer.from(JSON.stringify(config));
  const { descriptor } = await pushBytes(target, text, { mediaType: MEDIA_TYPES.ociConfig });
  const layers = images.flatMap((image) => image.layers);
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config: descriptor, layers };
  await pushBytes(target, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag: "unmerged",
  });
}
