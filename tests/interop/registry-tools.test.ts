// Other registry clients accept what this client pushes, and this client reads what they push.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createRegistryClient,
  fetchBytes,
  fetchManifest,
  ImageLayout,
  type ImageManifest,
  openTarget,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { collectAll } from "../support/collect.js";
import { spackOci } from "../support/command-line.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeWithTools, output } from "./support/tool.js";

const TAG = "thallium-lite-0.14.0-2jgoj6ppsq6lzizkaswlttajqsu7olru.spack";
const directory = scratchDirectory("registry-tools");
let registry: RunningRegistry;

const open = (repository: string) =>
  openTarget(registry.location(repository), { client: createRegistryClient() });
const image = (repository: string, tag = TAG) => `${registry.host}/${repository}:${tag}`;

beforeAll(async () => {
  const [[, start]] = registries as [(typeof registries)[number]];
  registry = await start();
  const args = ["push", registry.location("ours/cache"), "thallium-lite", "--store", extractSampleStore()];
  expect(await spackOci([...args, "--update-index"])).toMatchObject({ status: 0 });
});
afterAll(() => registry?.stop());

describeWithTools("crane")("crane", () => {
  it("validates every layer, digest and diff ID", async () => {
    expect(await output("crane", "validate", "--insecure", "--remote", image("ours/cache"))).toContain(
      "PASS",
    );
  });

  it("copies an image to another repository unchanged", async () => {
    await output("crane", "copy", "--insecure", image("ours/cache"), image("crane/cache"));
    const { descriptor } = await fetchManifest(open("ours/cache"), TAG);
    expect(await open("crane/cache").resolve(TAG)).toEqual(descriptor);
  });
});

describeWithTools("regctl")("regctl", () => {
  const regctl = (...args: string[]) =>
    output("regctl", "--host", `reg=${registry.host},tls=disabled`, ...args);

  it("lists the same tags", async () => {
    const listed = (await regctl("tag", "ls", `${registry.host}/ours/cache`)).trim().split("\n");
    expect(listed.sort()).toEqual((await collectAll(open("ours/cache").tags())).sort());
  });

  it("reads the same manifest, and copies it to a layout that this client can read", async () => {
    const { descriptor, bytes } = await fetchManifest(open("ours/cache"), TAG);
    expect((await regctl("manifest", "head", image("ours/cache"))).trim()).toBe(descriptor.digest);
    const layout = join(directory, "regctl");
    await regctl("image", "copy", image("ours/cache"), `ocidir://${layout}:${TAG}`);
    expect((await fetchManifest(new ImageLayout(layout), TAG)).bytes.equals(bytes)).toBe(true);
  });
});

describeWithTools("oras")("oras", () => {
  it("copies an image to a layout that this client can read", async () => {
    const layout = join(directory, "oras");
    const to = `${layout}:${TAG}`;
    await output("oras", "copy", "--from-plain-http", image("ours/cache"), "--to-oci-layout", to);
    const { descriptor } = await fetchManifest(open("ours/cache"), TAG);
    expect(await new ImageLayout(layout).resolve(TAG)).toEqual(descriptor);
  });

  it("pushes a file that this client can read", async () => {
    const files = join(directory, "files");
    mkdirSync(files);
    const file = join(files, "spec.json");
    writeFileSync(file, '{"name":"zlib"}');
    await output(
      "oras",
      "push",
      "--plain-http",
      "--disable-path-validation",
      image("oras/files", "v1"),
      file,
    );
    const target = open("oras/files");
    const { manifest } = await fetchManifest(target, "v1");
    const [layer] = (manifest as ImageManifest).layers;
    if (layer === undefined) throw new Error("oras pushed no layer");
    expect(String(await fetchBytes(target, layer, { limit: 100 }))).toBe('{"name":"zlib"}');
  });
});
