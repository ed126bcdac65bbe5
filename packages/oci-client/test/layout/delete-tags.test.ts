// Deletions from an image layout: blobs go with the last tag that needs them, even after a killed run.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { type Descriptor, descriptorOf } from "../../src/content/descriptor.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { ImageLayout } from "../../src/layout/image-layout.js";
import { bodyOf, pushBytes } from "../../src/storage/bytes.js";

const root = scratchDirectory("delete-tags");
let directory: string;
let layout: ImageLayout;
let runs = 0;
beforeEach(() => {
  runs += 1;
  directory = join(root, String(runs));
  layout = new ImageLayout(directory);
});

async function push(tag: string, ...layers: string[]): Promise<Descriptor> {
  const bodies = [`{"tag":"${tag}"}`, ...layers].map((text) => Buffer.from(text));
  const [config, ...rest] = await Promise.all(
    bodies.map(async (bytes, i) => {
      const type = i === 0 ? MEDIA_TYPES.ociConfig : MEDIA_TYPES.ociLayerGzip;
      return (await pushBytes(layout, bytes, { mediaType: type })).descriptor;
    }),
  );
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: rest };
  const { descriptor } = await pushBytes(layout, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag,
  });
  return descriptor;
}

function blobs(): string[] {
  return readdirSync(join(directory, "blobs", "sha256")).map((name) => `sha256:${name}`);
}

function indexText(): string {
  return readFileSync(join(directory, "index.json"), "utf8");
}

const layer = (text: string) => descriptorOf(MEDIA_TYPES.ociLayerGzip, Buffer.from(text));

test("removes blobs with the last tag that needs them", async () => {
  await push("a", "base", "a");
  await push("b", "base", "b");
  const upload = await pushBytes(layout, Buffer.from("on its way"), {
    mediaType: "application/octet-stream",
  });
  await layout.deleteTags(["a"]);
  expect(await layout.exists(layer("a"))).toBe(false);
  expect(await layout.exists(layer("base"))).toBe(true);
  expect(await layout.exists(layer("b"))).toBe(true);
  // A blob that nothing refers to yet belongs to a push in progress.
  expect(await layout.exists(upload.descriptor)).toBe(true);
  await layout.deleteTags(["b"]);
  expect(blobs()).toEqual([upload.descriptor.digest]);
  expect(JSON.parse(indexText())).toMatchObject({ manifests: [] });
});

test("a later run finishes what a killed one began", async () => {
  await push("a", "base", "a");
  await push("b", "base", "b");
  const { manifests } = JSON.parse(indexText()) as { manifests: Descriptor[] };
  const before = new Set(blobs());
  // The state after the tag and the first blob are gone, and nothing else.
  const [toDelete, kept] = manifests as [Descriptor, Descriptor];
  const marked = { ...toDelete, annotations: { "dev.spack-oci.deleted": "true" } };
  writeFileSync(
    join(directory, "index.json"),
    JSON.stringify({ schemaVersion: 2, manifests: [marked, kept] }),
  );
  rmSync(join(directory, "blobs", layer("a").digest.replace(":", "/")));
  await expect(layout.resolve("a")).rejects.toMatchObject({ kind: "not-found" });
  await layout.deleteTags([]);
  expect(before.size - blobs().length).toBe(3);
  expect(await layout.resolve("b")).toMatchObject({ digest: kept.digest });
  expect(indexText()).not.toContain("deleted");
});

test("an image that was pushed again in the meantime stays complete", async () => {
  const image = await push("a", "base");
  const { manifests } = JSON.parse(indexText()) as { manifests: Descriptor[] };
  const marked = { ...manifests[0], annotations: { "dev.spack-oci.deleted": "true" } };
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [marked] }));
  await layout.tag(image, "again");
  await layout.deleteTags([]);
  expect(blobs()).toHaveLength(3);
  expect(await layout.resolve("again")).toEqual(image);
});

test("does not tag what a deletion has made incomplete", async () => {
  await push("a", "base");
  const config = await pushBytes(layout, Buffer.from("{}"), { mediaType: MEDIA_TYPES.ociConfig });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociManifest,
      config: config.descriptor,
      layers: [layer("base")],
    }),
  );
  // A push that found the layer before it was deleted.
  await layout.deleteTags(["a"]);
  const pushing = layout.push(descriptorOf(MEDIA_TYPES.ociManifest, manifest), bodyOf(manifest), {
    tag: "b",
  });
  await expect(pushing).rejects.toMatchObject({ kind: "conflict", code: "ERR_OCI_INCOMPLETE" });
  await expect(layout.resolve("b")).rejects.toMatchObject({ kind: "not-found" });
});

test("does not turn another directory into a layout by deleting from it", async () => {
  await expect(layout.deleteTags(["a"])).rejects.toMatchObject({ code: "ERR_OCI_NO_LAYOUT" });
  expect(readdirSync(root)).not.toContain(String(runs));
});
