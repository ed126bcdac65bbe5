// Container tools run packages pushed on top of a base image, in the image's own environment.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { configOf, type ImageConfig, imageOf } from "../support/images.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { makeLoaderImage } from "./support/loader-image.js";
import { runSampleProgram, SAMPLE_TAG, sampleProgram } from "./support/sample-program.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithTools, output, tool } from "./support/tool.js";

const directory = scratchDirectory("runnable");
// Buildah rejects capital letters in the path of a layout, which temporary directories have.
const layout = shortRoot();
const target = new ImageLayout(layout);
const images = [SAMPLE_TAG, "all"];
const isRoot = process.getuid?.() === 0;

if (!isRoot) {
  console.log("skipped: programs of unpacked images, because only root may change the root directory");
}

const environmentOf = ({ config }: ImageConfig) => config["Env"] as readonly string[];

describeWithTools("umoci")("an image on top of a base image made by umoci", () => {
  beforeAll(async () => {
    const base = join(directory, "base");
    await makeLoaderImage(base);
    const args = ["push", `oci-layout:${layout}`, "thallium-lite", "--store", extractSampleStore()];
    const run = await spackOci([...args, "--base-image", `oci-layout:${base}:latest`, "--tag", "all"]);
    expect(run).toMatchObject({ status: 0 });
  });

  it.each(images)("keeps the config of its base: %s", async (tag) => {
    const config = await configOf(target, tag);
    expect(config.config).toMatchObject({ WorkingDir: "/srv", Labels: { of: "base" } });
    expect(environmentOf(config)).toContain("BASE_HOME=/srv");
    expect(config["history"]).toEqual(
      (await configOf(new ImageLayout(join(directory, "base")), "latest"))["history"],
    );
  });

  it.skipIf(!isRoot).each(images)("runs after umoci unpacked it: %s", async (tag) => {
    const bundle = join(directory, `bundle-${tag}`);
    await output("umoci", "unpack", "--image", `${layout}:${tag}`, bundle);
    const text = readFileSync(join(bundle, "config.json"), "utf8");
    const { process: run } = JSON.parse(text) as { process: { env: string[]; cwd: string } };
    expect(run.cwd).toBe("/srv");
    expect(run.env).toEqual(expect.arrayContaining([...environmentOf(await configOf(target, tag))]));
    const said = await runSampleProgram(join(bundle, "rootfs"), run.env);
    expect(said).toBe(await output(sampleProgram()));
    expect(said).toContain(`${extractSampleStore()}/`);
  });

  describeWithTools("skopeo")("with skopeo", () => {
    let registry: RunningRegistry;
    beforeAll(async () => {
      const [[, start]] = registries as [(typeof registries)[number]];
      registry = await start();
    });
    afterAll(() => registry.stop());

    it.each(images)("can be inspected, and copied to a registry byte for byte: %s", async (tag) => {
      const { digest } = await target.resolve(tag);
      const { layers } = await imageOf(target, tag);
      const config = await configOf(target, tag);
      const there = `docker://${registry.host}/copied/runnable:${tag.slice(0, 20)}`;
      const copy = ["--insecure-policy", "copy", "--preserve-digests", "--dest-tls-verify=false"];
      await output("skopeo", ...copy, `oci:${layout}:${tag}`, there);
      const inspected = JSON.parse(await output("skopeo", "inspect", "--tls-verify=false", there));
      expect(inspected).toMatchObject({
        Digest: digest,
        Env: environmentOf(config),
        Labels: { of: "base" },
        Layers: layers.map((layer) => layer.digest),
      });
    });
  });

  describeWithTools("buildah")("with buildah", () => {
    const policy = join(directory, "policy.json");
    const storage = ["--root", join(directory, "storage"), "--runroot", join(directory, "run")];
    const buildah = (...args: string[]) => output("buildah", ...storage, "--storage-driver", "vfs", ...args);

    it.skipIf(!isRoot).each(images)("can be pulled, mounted and run: %s", async (tag) => {
      writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
      const copy = `${layout}:${tag}`;
      const container = (await buildah("from", "--signature-policy", policy, `oci:${copy}`)).trim();
      try {
        const rootfs = (await buildah("mount", container)).trim();
        const { OCIv1 } = JSON.parse(await buildah("inspect", container)) as {
          OCIv1: { config: { Env: string[] } };
        };
        expect(OCIv1.config.Env).toEqual(environmentOf(await configOf(target, tag)));
        expect(await runSampleProgram(rootfs, OCIv1.config.Env)).toBe(await output(sampleProgram()));
      } finally {
        await tool("buildah", ...storage, "--storage-driver", "vfs", "rm", container);
      }
    });
  });
});
