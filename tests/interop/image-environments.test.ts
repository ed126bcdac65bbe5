// With --run-environment=spack, images have the environment that Spack gives them, and --tag gives the same image.

import {
  createRegistryClient,
  fetchManifest,
  openTarget,
  type TagLister,
  type Target,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { configOf, imageOf, packageTagsOf } from "../support/images.js";
import { describeWithSpack, SAMPLE_PADDING, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

interface Pushed {
  readonly images: readonly { readonly tag: string; readonly runEnvironment: string }[];
}

describeWithSpack("--run-environment=spack", () => {
  let registry: TlsRegistry;
  let spack: Spack;
  let pushed: Pushed;
  const roots = ["bedrock-lite", "tricky-lite", "mochi-suite"];
  const repository = (name: string): Target & TagLister => {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    return openTarget(registry.location(name), { client });
  };
  const environmentIn = async (name: string, tag: string) =>
    (await configOf(repository(name), tag)).config["Env"];

  beforeAll(async () => {
    registry = await startTlsRegistry();
    const { authority } = registry;
    const root = extractSampleStore();
    const mirror = registry.location("theirs");
    spack = await Spack.create({ root, paddedLength: SAMPLE_PADDING, mirror, authority });
    const inEnvironment = ["-e", spack.environment];
    await spack.do(...inEnvironment, "buildcache", "push", "--unsigned", mirror);
    await spack.do("buildcache", "push", "--unsigned", "--tag", "roots", mirror, ...roots);
    const asked = ["--run-environment=spack", "--json"];
    const run = await spack.ours(...inEnvironment, "push", ...asked, registry.location("ours"));
    expect(run).toMatchObject({ status: 0 });
    pushed = run.json<Pushed>();
    const tag = await spack.ours("push", ...asked, "--tag", "roots", registry.location("ours"), ...roots);
    expect(tag).toMatchObject({ status: 0 });
  }, 240_000);
  afterAll(() => registry.stop());

  it("gives every package the same environment as Spack", async () => {
    const tags = await packageTagsOf(repository("theirs"));
    expect(tags).toHaveLength(20);
    expect(await packageTagsOf(repository("ours"))).toEqual(tags);
    for (const tag of tags) {
      expect(await environmentIn("ours", tag)).toEqual(await environmentIn("theirs", tag));
    }
    const withRecipe = tags.find((tag) => tag.startsWith("bedrock-lite")) ?? "";
    expect(String(await environmentIn("ours", withRecipe))).toContain(
      `BEDROCK_HOME=${extractSampleStore()}/`,
    );
  });

  it("reports for each package that Spack computed it", () => {
    expect(pushed.images).toHaveLength(20);
    expect(new Set(pushed.images.map(({ runEnvironment }) => runEnvironment))).toEqual(new Set(["spack"]));
  });

  it("tags several roots like Spack, apart from the compression of layers", async () => {
    const [ours, theirs] = [repository("ours"), repository("theirs")];
    expect(await configOf(ours, "roots")).toEqual(await configOf(theirs, "roots"));
    const parts = async (target: Target) => {
      const { config, layers, ...rest } = await imageOf(target, "roots");
      return { ...rest, types: [config, ...layers].map(({ mediaType }) => mediaType) };
    };
    expect(await parts(ours)).toEqual(await parts(theirs));
    const { descriptor } = await fetchManifest(ours, "roots");
    expect(descriptor.mediaType).toBe((await fetchManifest(theirs, "roots")).descriptor.mediaType);
  });

  it("also works for a store given with --store", async () => {
    const mirror = registry.location("named");
    const store = ["--store", extractSampleStore()];
    const run = await spack.ours(
      "push",
      "--run-environment=spack",
      "--json",
      mirror,
      ...store,
      "bedrock-lite",
    );
    expect(run).toMatchObject({ status: 0, stderr: expect.not.stringContaining("warning") });
    const images = run.json<Pushed>().images;
    expect(images.filter(({ runEnvironment }) => runEnvironment !== "spack")).toEqual([]);
  });
});
