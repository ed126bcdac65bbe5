// Lessons about manifests, tags and deletion; their numbers are those in docs/registries.md.

import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { failure } from "../../../../tests/support/test-registry/answer.js";
import { type Descriptor, descriptorOf } from "../../src/content/descriptor.js";
import { digestOf } from "../../src/content/digest.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { bodyOf } from "../../src/storage/bytes.js";
import { fetchManifest } from "../../src/storage/fetch-manifest.js";
import { blob, freshRepository, imageBytes, pushImage, useRegistry } from "../support/registry.js";

const context = useRegistry();
const manifests = /\/manifests\//;

test.each([
  ["digest", { "docker-content-digest": "" }],
  ["media type", { "content-type": "" }],
  ["usable media type", { "content-type": "text/plain" }],
])("lesson 15: a HEAD without a %s is followed by a GET", async (_, headers) => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({ method: "HEAD", path: manifests, headers });
  expect(await repository.resolve("v1")).toEqual(descriptor);
  expect(registry.requests.slice(-2).map(({ method }) => method)).toEqual(["HEAD", "GET"]);
});

test("a digest header that is unreadable is an error, and one of another algorithm is not used", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  const header = (value: string) => ({
    path: manifests,
    headers: { "docker-content-digest": value },
    times: 2,
  });
  registry.fault(header("sha256:0"));
  await expect(repository.resolve("v1")).rejects.toMatchObject({
    code: "ERR_OCI_HEADER",
    kind: "unreachable",
  });
  registry.reset();
  registry.fault(header(`blake3:${"0".repeat(64)}`));
  expect(await repository.resolve("v1")).toEqual(descriptor);
  registry.reset();
  registry.fault(header(`${descriptor.digest}, ${descriptor.digest}`));
  expect(await repository.resolve("v1")).toEqual(descriptor);
});

test("lesson 15: a HEAD that describes a child of the index is not trusted", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({
    method: "HEAD",
    path: manifests,
    headers: { "docker-content-digest": digestOf("a child") },
  });
  expect(await repository.resolve(descriptor.digest)).toEqual(descriptor);
});

test("a manifest that does not match its digest is corrupt", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({ method: "GET", path: manifests, corruptAt: 20, times: 99 });
  await expect(fetchManifest(repository, descriptor.digest)).rejects.toMatchObject({ kind: "corrupt" });
  await expect(fetchManifest(repository, "v1")).rejects.toMatchObject({ kind: "corrupt" });
});

test("a web page in place of a manifest is not corrupt, but the host is not a registry", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  await pushImage(repository, "v1");
  registry.fault({
    path: manifests,
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: "<html>",
    times: 9,
  });
  await expect(fetchManifest(repository, "v1")).rejects.toMatchObject({
    kind: "unreachable",
    code: "ERR_OCI_NO_MANIFEST",
    message: expect.stringContaining(`${registry.host} answered with an HTML page`),
  });
});

test("a manifest that the registry stored under another digest is corrupt", async () => {
  const { registry } = context;
  registry.fault({ method: "PUT", path: manifests, headers: { "docker-content-digest": digestOf("other") } });
  await expect(pushImage(freshRepository(registry), "v1")).rejects.toMatchObject({ kind: "corrupt" });
});

test("a manifest's media type may have parameters", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({
    path: manifests,
    headers: { "content-type": `${MEDIA_TYPES.ociManifest}; charset=utf-8` },
    times: 2,
  });
  expect(await repository.resolve("v1")).toEqual(descriptor);
  expect((await fetchManifest(repository, "v1")).descriptor).toEqual(descriptor);
});

test("lesson 24: existence is checked by HEAD, and a manifest is fetched by tag in one request", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.reset();
  await repository.exists(descriptor);
  await repository.resolve("v1");
  expect(registry.count("GET")).toBe(0);
  registry.reset();
  await fetchManifest(repository, "v1");
  expect(registry.requests.map(({ method }) => method)).toEqual(["GET"]);
});

async function imageWithLayer(repository: ReturnType<typeof freshRepository>) {
  const config = Buffer.from('{"x":1}');
  const layer = randomBytes(1000);
  const bodies = new Map<string, Buffer>([
    [descriptorOf(MEDIA_TYPES.ociConfig, config).digest, config],
    [blob(layer).digest, layer],
  ]);
  for (const body of bodies.values()) await repository.push(blob(body), bodyOf(body));
  const bytes = imageBytes(descriptorOf(MEDIA_TYPES.ociConfig, config), [
    descriptorOf(MEDIA_TYPES.ociLayerGzip, layer),
  ]);
  const sources = (child: Descriptor) => {
    const body = bodies.get(child.digest);
    return body && bodyOf(body);
  };
  return { manifest: descriptorOf(MEDIA_TYPES.ociManifest, bytes), bytes, layer: blob(layer), sources };
}

test("lesson 28: a blob that the registry has lost is pushed again, and nothing else", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { manifest, bytes, layer, sources } = await imageWithLayer(repository);
  registry.storage.repository(repository.repository).blobs.delete(layer.digest);
  registry.reset();
  expect(await repository.push(manifest, bodyOf(bytes), { tag: "v1", sources })).toBe("uploaded");
  expect(registry.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
    "PUT 400",
    "HEAD 404",
    "POST 202",
    "PUT 201",
    "PUT 201",
  ]);
});

test("lesson 28: a distributed registry gets a moment, and no blob is sent again", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { manifest, bytes, layer, sources } = await imageWithLayer(repository);
  registry.fault({
    method: "PUT",
    path: manifests,
    rewrite: () => failure(404, "BLOB_UNKNOWN", { digest: layer.digest }),
  });
  registry.storage.repository(repository.repository).manifests.clear();
  registry.requests.length = 0;
  expect(await repository.push(manifest, bodyOf(bytes), { tag: "v1", sources })).toBe("uploaded");
  expect(registry.count("POST")).toBe(0);
});

test("lesson 28: a registry that keeps complaining gets the blobs again, whether it names them or not", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { manifest, bytes, sources } = await imageWithLayer(repository);
  registry.fault({
    method: "PUT",
    path: manifests,
    times: 2,
    rewrite: () => failure(400, "MANIFEST_BLOB_UNKNOWN"),
  });
  registry.requests.length = 0;
  expect(await repository.push(manifest, bodyOf(bytes), { tag: "v1", sources })).toBe("uploaded");
  expect(registry.count("POST")).toBe(2);
});

test("lesson 28: without a source for the lost blob, the registry's own error is thrown", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { manifest, bytes, layer } = await imageWithLayer(repository);
  registry.storage.repository(repository.repository).blobs.delete(layer.digest);
  await expect(repository.push(manifest, bodyOf(bytes), { tag: "v1" })).rejects.toMatchObject({
    registryCodes: ["MANIFEST_BLOB_UNKNOWN"],
  });
});

test.each([400, 403, 409, 412])(
  "lesson 29: an immutable tag (%i) on the same manifest is a success",
  async (status) => {
    const { registry } = context;
    const repository = freshRepository(registry);
    const { descriptor, bytes } = await pushImage(repository, "v1");
    registry.fault({ method: "PUT", path: manifests, status, times: 2 });
    expect(await repository.push(descriptor, bodyOf(bytes), { tag: "v1" })).toBe("exists");
    const other = await imageWithLayer(repository);
    await expect(repository.push(other.manifest, bodyOf(other.bytes), { tag: "v1" })).rejects.toMatchObject({
      status,
    });
  },
);

test("lesson 30: a lost child manifest of an index is pushed again", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const child = await pushImage(repository, "child");
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [child.descriptor] }),
  );
  registry.storage.repository(repository.repository).manifests.clear();
  registry.fault({
    method: "PUT",
    path: /manifests\/multi/,
    rewrite: () => failure(400, "MANIFEST_BLOB_UNKNOWN", { digest: child.descriptor.digest }),
  });
  const sources = () => bodyOf(child.bytes);
  const index = descriptorOf(MEDIA_TYPES.ociIndex, bytes);
  expect(await repository.push(index, bodyOf(bytes), { tag: "multi", sources })).toBe("uploaded");
  expect(await repository.exists(child.descriptor)).toBe(true);
});

test("lesson 31: a registry that deletes nothing says so, and keeps its tags", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({ method: "DELETE", status: 405, times: 9 });
  await expect(repository.delete(descriptor)).rejects.toMatchObject({ kind: "unsupported" });
  await expect(repository.delete({ tag: "v1" })).rejects.toMatchObject({ kind: "unsupported" });
  expect(await repository.resolve("v1")).toEqual(descriptor);
});

test("lesson 31: if only digests can be deleted, a tag goes and its manifest stays", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({ method: "DELETE", path: /manifests\/v1/, status: 405, times: 9 });
  await repository.delete({ tag: "v1" });
  await expect(repository.resolve("v1")).rejects.toMatchObject({ kind: "not-found" });
  expect(await repository.exists(descriptor)).toBe(true);
});

test("lesson 32: a manifest of more than 4 MiB is not pushed, because many clients could not read it", async () => {
  const { registry } = context;
  const bytes = Buffer.alloc(4 * 1024 * 1024 + 1, 32);
  const descriptor = descriptorOf(MEDIA_TYPES.ociManifest, bytes);
  await expect(
    freshRepository(registry).push(descriptor, bodyOf(bytes), { tag: "v1" }),
  ).rejects.toMatchObject({
    code: "ERR_OCI_TOO_LARGE",
  });
  expect(registry.count("PUT")).toBe(0);
});

test("a manifest of more than 8 MiB is not read", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  await pushImage(repository, "v1");
  registry.fault({ method: "GET", path: manifests, body: " ".repeat(8 * 1024 * 1024 + 1) });
  await expect(fetchManifest(repository, "v1")).rejects.toMatchObject({ code: "ERR_OCI_RESPONSE_TOO_LARGE" });
});

test("an error body of more than 1 MiB is truncated, and its status is still reported", async () => {
  const { registry } = context;
  registry.fault({ method: "GET", path: manifests, status: 403, body: "x".repeat(3 * 1024 * 1024) });
  await expect(fetchManifest(freshRepository(registry), "v1")).rejects.toMatchObject({
    kind: "denied",
    status: 403,
  });
});

test("an error's text is short and has no control characters", async () => {
  const { registry } = context;
  registry.fault({
    method: "GET",
    path: manifests,
    status: 400,
    body: `\u001b[31mred\u0007 ${"long ".repeat(1000)}`,
  });
  const error = await fetchManifest(freshRepository(registry), "v1").catch((caught) => caught);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not occur
  expect(error.message).not.toMatch(/[\u0000-\u001f]/);
  expect(error.message.length).toBeLessThan(600);
});

test("a manifest that was damaged on the way is fetched again", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({ method: "GET", path: manifests, corruptAt: 20 });
  registry.fault({ method: "GET", path: manifests, truncateTo: 40 });
  expect((await fetchManifest(repository, "v1")).descriptor).toEqual(descriptor);
});
