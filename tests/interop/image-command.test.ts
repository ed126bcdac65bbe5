// Other tools read, copy, unpack and run the images that are made of a buildcache.
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout, mediaTypes, openTarget, pushBytes } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { describePrefix } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import { configOf, type ImageConfig, imageOf } from "../support/images.js";
import { pushLoaderImage } from "../support/loader-image.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic } from "../support/synthetic-buildcache.js";
import { describeWithTools, output } from "./support/tool.js";

const scratch = scratchDirectory("image-command");
const layout = join(scratch, "mirror");
const mirror = new ImageLayout(layout);
const isRoot = process.getuid?.() === 0;
const store = extractSampleStore();
const program = programIn(store);

beforeAll(async () => {
  cpSync(fixture("oci-layout-main"), layout, { recursive: true });
  const base = new ImageLayout(join(scratch, "base"));
  await pushLoaderImage(base, "latest", [program], store, ["PATH=/usr/bin", "FROM=base"]);
  await image("app", "--base-image", `${base.name}:latest`);
  await image("viewed", "--base-image", `${base.name}:latest`, "--view", "/opt/view", "--max-layers", "4");
});

async function image(tag: string, ...args: readonly string[]): Promise<void> {
  const run = await spackOci(["image", mirror.name, "thallium-lite", "--tag", tag, ...args]);
  expect(run).toMatchObject({ status: 0 });
}

function programIn(path: string): string {
  const name = "thallium-lite-0.14.0-2jgoj6ppsq6lzizkaswlttajqsu7olru";
  const next = readdirSync(path).find((entry) => entry.startsWith("__") || entry.startsWith("linux-"));
  return next === undefined ? join(path, name, "bin", "thallium-info") : programIn(join(path, next));
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
    const inspected = JSON.parse(await output("skopeo", "inspect", `oci:${layout}:viewed`)) as ImageConfig;
    expect(inspected).toMatchObject({
      Digest: digest,
      Architecture: "amd64",
      Os: "linux",
      Created: "2026-11-22T15:25:38.267Z",
      Layers: layers.map((layer) => layer.digest),
      Env: (await configOf(mirror, "viewed")).config["Env"],
    });
  });

  it("copies an image, and an index with what it lists", async () => {
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

describeWithTools(
  "umoci",
  "tar",
  "ldd",
)("umoci", () => {
  it.each(["app", "viewed"])("unpacks %s, whose program runs in its own environment", async (tag) => {
    const root = await unpack(tag);
    if (!isRoot) {
      console.log("skipped: programs of images, because only root may change the root directory");
      return;
    }
    const { Env } = (await configOf(mirror, tag)).config as { Env: string[] };
    expect(Env).toContain("FROM=base");
    const env = Object.fromEntries(Env.map((entry) => entry.split(/=(.*)/s)));
    const said = execFileSync("/usr/sbin/chroot", [root, "thallium-info"], { env, encoding: "utf8" });
    // The paths of the buildcache's own store, which is where the sample store is.
    expect(said).toBe(await output(program));
    expect(said).toContain(store);
  });

  it("unpacks merged layers to the tree that all of them give", async () => {
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

/** One image of the layers of all packages, more than an engine stacks; umoci needs no stack. */
async function pushUnmerged(target: ImageLayout, tags: readonly string[]): Promise<void> {
  const images = await Promise.all(tags.map((tag) => imageOf(target, tag)));
  const configs = await Promise.all(tags.map((tag) => configOf(target, tag)));
  const diffIds = configs.flatMap((config) => (config["rootfs"] as { diff_ids: string[] }).diff_ids);
  const config = { ...configs[0], rootfs: { type: "layers", diff_ids: diffIds }, spec: undefined };
  const text = Buffer.from(JSON.stringify(config));
  const { descriptor } = await pushBytes(target, mediaTypes.ociConfig, text);
  const layers = images.flatMap((image) => image.layers);
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: descriptor, layers };
  await pushBytes(target, mediaTypes.ociManifest, Buffer.from(JSON.stringify(manifest)), { tag: "unmerged" });
}
