// Copies between all kinds of targets keep the digests, move as few bytes as possible, and never deadlock.

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Descriptor, descriptorOf } from "../../src/content/descriptor.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { copyContent } from "../../src/copy/copy-content.js";
import { copyImage } from "../../src/copy/copy-image.js";
import { KnownContent } from "../../src/copy/known-content.js";
import { ImageLayout } from "../../src/layout/image-layout.js";
import { MemoryTarget } from "../../src/memory/memory-target.js";
import { bodyOf, pushBytes } from "../../src/storage/bytes.js";
import { fetchManifest } from "../../src/storage/fetch-manifest.js";
import type { Target } from "../../src/storage/target.js";
import { blob, freshRepository, useRegistry } from "../support/registry.js";

const context = useRegistry();

async function pushMultiPlatform(target: Target): Promise<{ layers: number }> {
  const shared = randomBytes(50_000);
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const { descriptor: config } = await pushBytes(target, Buffer.from(JSON.stringify({ architecture })), {
      mediaType: MEDIA_TYPES.ociConfig,
    });
    const layers = [];
    for (const bytes of [shared, randomBytes(100_000), shared]) {
      layers.push((await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociLayerGzip })).descriptor);
    }
    const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers };
    const { descriptor } = await pushBytes(target, Buffer.from(JSON.stringify(manifest)), {
      mediaType: MEDIA_TYPES.ociManifest,
    });
    manifests.push({ ...descriptor, platform: { os: "linux", architecture } });
  }
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests };
  await pushBytes(target, Buffer.from(JSON.stringify(index)), {
    mediaType: MEDIA_TYPES.ociIndex,
    tag: "multi",
  });
  return { layers: 3 };
}

test("an index survives a copy from memory to a registry to a directory and back unchanged", async () => {
  const directory = await mkdtemp(join(tmpdir(), "copy-"));
  const places: Target[] = [
    new MemoryTarget("start"),
    freshRepository(context.registry),
    new ImageLayout(join(directory, "layout")),
    freshRepository(context.registry),
    new MemoryTarget("end"),
  ];
  await pushMultiPlatform(places[0] as Target);
  for (let i = 1; i < places.length; i += 1) {
    await copyImage({ from: places[i - 1] as Target, to: places[i] as Target }, "multi", { tag: "multi" });
  }
  const [first, last] = [
    await fetchManifest(places[0] as Target, "multi"),
    await fetchManifest(places[4] as Target, "multi"),
  ];
  expect(last).toEqual(first);
  await rm(directory, { recursive: true });
});

test("mounts everything within a host, and does not ask for known content again", async () => {
  const { registry } = context;
  const [from, to] = [freshRepository(registry), freshRepository(registry)];
  await pushMultiPlatform(from);
  registry.reset();
  const outcomes: string[] = [];
  const known = new KnownContent();
  const onCopied = (_: Descriptor, outcome: string) => outcomes.push(outcome);
  await copyImage({ from, to }, "multi", { tag: "multi", known, onCopied });
  expect(registry.count("PUT", /uploads/)).toBe(0);
  const manifests = ["uploaded", "uploaded", "uploaded"];
  const blobs = ["mounted", "mounted", "mounted", "mounted", "mounted"];
  // For the second platform, the layer that both share already exists.
  expect(outcomes.filter((outcome) => outcome !== "exists").sort()).toEqual([...blobs, ...manifests]);
  registry.reset();
  await copyImage({ from, to }, "multi", { tag: "multi", known });
  const methods = registry.requests.map(({ method }) => method);
  // The image, the list of its referrers, and its tag.
  expect(methods).toEqual(["GET", "GET", "PUT"]);
});

test("one connection in each direction is enough", async () => {
  const { registry } = context;
  const options = { hosts: () => ({ connections: 1 }) };
  const [from, to] = [freshRepository(registry, options), freshRepository(registry, options)];
  await pushMultiPlatform(from);
  registry.fault({ method: "POST", path: /mount=/, status: 405, times: 99 });
  await copyImage({ from, to }, "multi", { tag: "multi", concurrency: 8 });
  expect((await to.resolve("multi")).digest).toBe((await from.resolve("multi")).digest);
});

test("continues an interrupted copy, and survives cuts on both sides", async () => {
  const { registry } = context;
  const from = new MemoryTarget();
  const to = freshRepository(registry);
  await pushMultiPlatform(from);
  registry.fault({ method: "PUT", path: /manifests\/multi/, status: 403 });
  await expect(copyImage({ from, to }, "multi", { tag: "multi" })).rejects.toMatchObject({ kind: "denied" });
  registry.reset();
  await copyImage({ from, to }, "multi", { tag: "multi" });
  expect(registry.count("PUT", /uploads/)).toBe(0);

  const back = new MemoryTarget("back");
  registry.fault({ method: "GET", path: /blobs/, cutAfter: 20_000, times: 4 });
  await copyImage({ from: to, to: back }, "multi", { tag: "multi" });
  expect(await back.resolve("multi")).toEqual(await from.resolve("multi"));
});

test("corrupt content of the source is reported as corrupt and does not reach the target", async () => {
  const { registry } = context;
  const [from, to] = [freshRepository(registry), freshRepository(registry)];
  const bytes = randomBytes(100_000);
  await from.push(blob(bytes), bodyOf(bytes));
  registry.fault({ method: "POST", path: /mount=/, status: 405, times: 99 });
  registry.fault({ method: "GET", path: /blobs/, corruptAt: 99_999, times: 99 });
  await expect(copyContent({ from, to }, blob(bytes))).rejects.toMatchObject({ kind: "corrupt" });
  expect(await to.exists(blob(bytes))).toBe(false);
});

test("leaves out layers that no registry stores", async () => {
  const from = new MemoryTarget();
  const to = new MemoryTarget("to");
  const { descriptor: config } = await pushBytes(from, Buffer.from("{}"), {
    mediaType: MEDIA_TYPES.ociConfig,
  });
  const foreign = {
    ...descriptorOf("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Buffer.from("elsewhere")),
    urls: ["https://elsewhere.example/layer"],
  };
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: [foreign] };
  await pushBytes(from, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag: "windows",
  });
  const copied = await copyImage({ from, to }, "windows", { tag: "windows" });
  expect((await to.resolve("windows")).digest).toBe(copied.digest);
});
