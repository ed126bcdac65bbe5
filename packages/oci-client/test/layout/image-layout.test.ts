// What is particular to directories: other tools read them, foreign files are safe, reading needs no write
// permission.

import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collectAll } from "../../../../tests/support/collect.js";
import { onPath } from "../../../../tests/support/on-path.js";
import { descriptorOf } from "../../src/content/descriptor.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { ImageLayout } from "../../src/layout/image-layout.js";
import { bodyOf, fetchBytes, pushBytes } from "../../src/storage/bytes.js";

let parent: string;
let directory: string;
let layout: ImageLayout;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "layout-"));
  directory = join(parent, "cache");
  layout = new ImageLayout(directory);
});
afterEach(async () => {
  await chmod(directory, 0o755).catch(() => {});
  await rm(parent, { recursive: true, force: true });
});

async function pushImage(tag: string) {
  const config = await pushBytes(layout, Buffer.from('{"architecture":"amd64","os":"linux"}'), {
    mediaType: MEDIA_TYPES.ociConfig,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: config.descriptor,
    layers: [],
  };
  return pushBytes(layout, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag,
  });
}

test("the directory holds what the image-layout specification defines, and nothing else", async () => {
  const { descriptor } = await pushImage("v1");
  expect((await readdir(directory)).sort()).toEqual(["blobs", "index.json", "oci-layout"]);
  expect(JSON.parse(await readFile(join(directory, "oci-layout"), "utf8"))).toEqual({
    imageLayoutVersion: "1.0.0",
  });
  expect(JSON.parse(await readFile(join(directory, "index.json"), "utf8"))).toEqual({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociIndex,
    manifests: [{ ...descriptor, annotations: { "org.opencontainers.image.ref.name": "v1" } }],
  });
  expect(
    (await readdir(join(directory, "blobs", "sha256"))).every((name) => /^[0-9a-f]{64}$/.test(name)),
  ).toBe(true);
});

describe("skopeo", () => {
  const skopeo = onPath("skopeo");
  if (skopeo === undefined)
    console.info("skipped: reading layouts with skopeo, because skopeo is not on PATH");
  test.skipIf(skopeo === undefined)("reads a layout by tag", async () => {
    const { descriptor } = await pushImage("a.b_c-1");
    const printed = execFileSync(skopeo as string, ["inspect", `oci:${directory}:a.b_c-1`], {
      encoding: "utf8",
    });
    expect(JSON.parse(printed)).toMatchObject({ Digest: descriptor.digest, Architecture: "amd64" });
  });

  test.skipIf(skopeo === undefined)("writes a layout that skopeo reads", async () => {
    await pushImage("ours");
    const other = join(parent, "other");
    execFileSync(skopeo as string, ["copy", `oci:${directory}:ours`, `oci:${other}:theirs`]);
    const read = new ImageLayout(other);
    expect(await read.resolve("theirs")).toEqual(await layout.resolve("ours"));
  });
});

test("reads a layout without write permission", async () => {
  const { descriptor } = await pushImage("v1");
  await chmod(directory, 0o555);
  expect(await layout.resolve("v1")).toEqual(descriptor);
  expect(await layout.exists(descriptor)).toBe(true);
  expect((await fetchBytes(layout, descriptor, { limit: 10_000 })).length).toBe(descriptor.size);
  expect(await collectAll(layout.tags())).toEqual(["v1"]);
});

test("a missing directory has nothing to find or list, and is not created by asking", async () => {
  await expect(layout.resolve("v1")).rejects.toMatchObject({ kind: "not-found" });
  await expect(collectAll(layout.tags())).rejects.toMatchObject({
    kind: "not-found",
    code: "ERR_OCI_NO_LAYOUT",
  });
  expect(await readdir(parent)).toEqual([]);
});

test("leaves a directory of other files alone", async () => {
  await mkdir(directory);
  await writeFile(join(directory, "thesis.tex"), "");
  await expect(pushImage("v1")).rejects.toMatchObject({ kind: "conflict", code: "ERR_OCI_NOT_A_LAYOUT" });
  expect(await readdir(directory)).toEqual(["thesis.tex"]);
});

test("a blob of the wrong length is corrupt, does not count as existing, and is replaced by a push", async () => {
  const bytes = Buffer.from("0123456789");
  const descriptor = descriptorOf("x", bytes);
  await layout.push(descriptor, bodyOf(bytes));
  const [file = ""] = await readdir(join(directory, "blobs", "sha256"));
  await truncate(join(directory, "blobs", "sha256", file), 5);
  expect(await layout.exists(descriptor)).toBe(false);
  await expect(layout.fetch(descriptor)).rejects.toMatchObject({ kind: "corrupt" });
  expect(await layout.push(descriptor, bodyOf(bytes))).toBe("uploaded");
  expect(await fetchBytes(layout, descriptor, { limit: 10 })).toEqual(bytes);
});

test("a blob with a flipped byte is corrupt", async () => {
  const bytes = Buffer.from("0123456789");
  const descriptor = descriptorOf("x", bytes);
  await layout.push(descriptor, bodyOf(bytes));
  const [file = ""] = await readdir(join(directory, "blobs", "sha256"));
  await writeFile(join(directory, "blobs", "sha256", file), "0123456780");
  await expect(fetchBytes(layout, descriptor, { limit: 10 })).rejects.toMatchObject({ kind: "corrupt" });
});

test("a failed push leaves no file behind", async () => {
  const descriptor = descriptorOf("x", Buffer.from("right"));
  await expect(layout.push(descriptor, bodyOf(Buffer.from("wrong")))).rejects.toMatchObject({
    kind: "corrupt",
  });
  expect(await readdir(join(directory, "blobs", "sha256"))).toEqual([]);
});

test("a malformed index.json is corrupt, and is not overwritten", async () => {
  await pushImage("v1");
  await writeFile(join(directory, "index.json"), '{"schemaVersion":2,"manifests":[{"mediaType":"x"');
  await expect(layout.resolve("v1")).rejects.toMatchObject({ kind: "corrupt" });
  await expect(pushImage("v2")).rejects.toMatchObject({ kind: "corrupt" });
});

test("deleting a tag keeps the manifest, and deleting the manifest removes its tags", async () => {
  const { descriptor } = await pushImage("a");
  await layout.tag(descriptor, "b");
  await layout.delete({ tag: "a" });
  expect(await collectAll(layout.tags())).toEqual(["b"]);
  await layout.delete(descriptor);
  expect(await collectAll(layout.tags())).toEqual([]);
  await expect(layout.resolve(descriptor.digest)).rejects.toMatchObject({ kind: "not-found" });
  await expect(layout.delete(descriptor)).rejects.toMatchObject({ kind: "not-found" });
});

test("removes old temporary files of killed writers, but no fresh ones", async () => {
  await pushImage("v1");
  const [old, fresh] = [".incoming.1-0123456789ab.tmp", ".incoming.2-0123456789ab.tmp"];
  for (const name of [old, fresh]) await writeFile(join(directory, name), "part");
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(directory, old), longAgo, longAgo);
  await pushImage("v2");
  expect((await readdir(directory)).sort()).toEqual([fresh, "blobs", "index.json", "oci-layout"]);
});

test.skipIf(process.getuid?.() === 0)(
  "writing without permission is denied, with the directory and a hint",
  async () => {
    await pushImage("v1");
    await chmod(directory, 0o555);
    await expect(pushImage("v2")).rejects.toMatchObject({
      kind: "denied",
      code: "ERR_OCI_LAYOUT",
      message: expect.stringContaining(directory),
      hint: "Check the permissions of the directory.",
    });
  },
);

test("a file in place of the directory is an error", async () => {
  await writeFile(join(parent, "file"), "");
  await expect(
    pushBytes(new ImageLayout(join(parent, "file")), Buffer.from("x"), { mediaType: "x" }),
  ).rejects.toMatchObject({
    code: "ERR_OCI_LAYOUT",
  });
});

test("looks up thousands of tags without reading the index each time, and sees changes by others", async () => {
  const { descriptor } = await pushImage("first");
  const entries = Array.from({ length: 5000 }, (_, i) => ({
    ...descriptor,
    annotations: { "org.opencontainers.image.ref.name": `tag-${i}` },
  }));
  const path = join(directory, "index.json");
  const index = JSON.stringify({ schemaVersion: 2, manifests: entries });
  await writeFile(path, index);
  await utimes(path, 1_000_000, 1_000_000);
  await layout.resolve("tag-0");
  // A reader of the file would notice its new content; nothing else shows that it changed.
  await writeFile(path, " ".repeat(index.length));
  await utimes(path, 1_000_000, 1_000_000);
  for (let i = 0; i < 5000; i += 1) expect((await layout.resolve(`tag-${i}`)).digest).toBe(descriptor.digest);
  await writeFile(path, index);
  await new ImageLayout(directory).tag(descriptor, "by-another");
  expect(await layout.resolve("by-another")).toEqual(descriptor);
});
