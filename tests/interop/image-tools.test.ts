// Tools that know nothing about Spack read, copy and unpack the images that this project writes.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchManifest, ImageLayout, type ImageManifest } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { copySystemLibraries, SAMPLE_TAG, sampleProgram } from "./support/sample-program.js";
import { describeWithTools, output } from "./support/tool.js";

const directory = scratchDirectory("image-tools");
const layout = join(directory, "layout");

beforeAll(async () => {
  const args = ["push", `oci-layout:${layout}`, "thallium-lite", "--store", extractSampleStore()];
  expect(await spackOci([...args, "--update-index"])).toMatchObject({ status: 0 });
});

async function imageIn(path: string, tag = SAMPLE_TAG): Promise<{ digest: string; manifest: ImageManifest }> {
  const { descriptor, manifest } = await fetchManifest(new ImageLayout(path), tag);
  return { digest: descriptor.digest, manifest: manifest as ImageManifest };
}

function blobsIn(path: string): string[] {
  return readdirSync(join(path, "blobs", "sha256")).sort();
}

describeWithTools("skopeo")("skopeo", () => {
  let registry: RunningRegistry;
  const [[, start]] = registries as [(typeof registries)[number]];
  const copy = (from: string, to: string, ...options: string[]) => {
    const plain = ["--src-tls-verify=false", "--dest-tls-verify=false"];
    return output("skopeo", "--insecure-policy", "copy", ...plain, ...options, from, to);
  };
  const inRegistry = (tag: string) => `docker://${registry.host}/copied/by-skopeo:${tag}`;

  beforeAll(async () => {
    registry = await start();
  });
  afterAll(() => registry.stop());

  it("inspects an image in a layout", async () => {
    const { digest, manifest } = await imageIn(layout);
    expect(JSON.parse(await output("skopeo", "inspect", `oci:${layout}:${SAMPLE_TAG}`))).toMatchObject({
      Digest: digest,
      Architecture: "amd64",
      Os: "linux",
      Layers: manifest.layers.map((layer) => layer.digest),
    });
    const config = JSON.parse(await output("skopeo", "inspect", "--config", `oci:${layout}:${SAMPLE_TAG}`));
    expect(config).toMatchObject({ rootfs: { type: "layers" } });
  });

  it("copies an image from layout to layout, byte for byte", async () => {
    const to = join(directory, "copy");
    await copy(`oci:${layout}:${SAMPLE_TAG}`, `oci:${to}:${SAMPLE_TAG}`);
    const { digest, manifest } = await imageIn(layout);
    expect((await imageIn(to)).digest).toBe(digest);
    const blobs = [digest, manifest.config.digest, ...manifest.layers.map((layer) => layer.digest)];
    expect(blobsIn(to)).toEqual(blobs.map((blob) => blob.replace("sha256:", "")).sort());
    for (const blob of blobsIn(to)) {
      const [mine, theirs] = [layout, to].map((path) => readFileSync(join(path, "blobs", "sha256", blob)));
      expect(mine?.equals(theirs ?? Buffer.of())).toBe(true);
    }
  });

  it("inspects an image pushed to a registry", async () => {
    const mirror = registry.location("pushed/here");
    const args = ["push", mirror, "thallium-lite", "--store", extractSampleStore()];
    expect(await spackOci(args)).toMatchObject({ status: 0 });
    const image = `docker://${registry.host}/pushed/here:${SAMPLE_TAG}`;
    const inspected = JSON.parse(await output("skopeo", "inspect", "--tls-verify=false", image)) as {
      Digest: string;
      RepoTags: string[];
    };
    const { bytes } = await fetchManifest(new ImageLayout(layout), SAMPLE_TAG);
    const raw = await output("skopeo", "inspect", "--tls-verify=false", "--raw", image);
    expect(JSON.parse(raw).layers).toEqual(JSON.parse(bytes.toString()).layers);
    expect(inspected.RepoTags).toHaveLength(tagsOf(layout).length - 1);
    expect(inspected.RepoTags).toContain(SAMPLE_TAG);
  });

  it("copies a buildcache to a registry and on to a layout, and both can be pulled from", async () => {
    const back = join(directory, "back");
    for (const tag of tagsOf(layout)) {
      await copy(`oci:${layout}:${tag}`, inRegistry(tag), "--preserve-digests");
      await copy(inRegistry(tag), `oci:${back}:${tag}`, "--preserve-digests");
    }
    expect(blobsIn(back)).toEqual(blobsIn(layout));
    for (const [index, mirror] of [registry.location("copied/by-skopeo"), `oci-layout:${back}`].entries()) {
      const root = join(directory, `pulled-${index}`);
      const run = await spackOci(["pull", mirror, "thallium-lite", "--root", root, "--json"]);
      expect(run).toMatchObject({ status: 0 });
      expect(run.json<{ pulled: unknown[] }>().pulled).toHaveLength(7);
    }
  });

  it("may compress the index, whose layer is uncompressed despite its media type", async () => {
    const to = join(directory, "compressed");
    await copy(inRegistry("index.spack"), `oci:${to}:index.spack`);
    const layerIn = async (path: string) => (await imageIn(path, "index.spack")).manifest.layers[0]?.digest;
    expect(await layerIn(to)).not.toBe(await layerIn(layout));
    const listed = await spackOci(["list", `oci-layout:${to}`, "--json"]);
    expect(listed.json<unknown[]>()).toHaveLength(9);
  });
});

describeWithTools("umoci")("umoci", () => {
  it("unpacks an image into a root file system, and its program runs", async () => {
    const bundle = join(directory, "bundle");
    await output(
      "umoci",
      "unpack",
      ...(process.getuid?.() === 0 ? [] : ["--rootless"]),
      "--image",
      `${layout}:${SAMPLE_TAG}`,
      bundle,
    );
    const rootfs = join(bundle, "rootfs");
    const program = sampleProgram();
    expect(readFileSync(join(rootfs, program)).equals(readFileSync(program))).toBe(true);
    if (process.getuid?.() !== 0) {
      console.log(
        "skipped: the program of an unpacked image, because only root may change the root directory",
      );
      return;
    }
    // The image has no base, so this machine provides the C library.
    await copySystemLibraries(rootfs);
    expect(await output("chroot", rootfs, program)).toBe(await output(program));
  });
});

function tagsOf(path: string): string[] {
  const { manifests } = JSON.parse(readFileSync(join(path, "index.json"), "utf8")) as {
    manifests: { annotations?: Record<string, string> }[];
  };
  return manifests.flatMap(({ annotations }) => annotations?.["org.opencontainers.image.ref.name"] ?? []);
}
