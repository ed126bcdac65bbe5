// Deleting tags: the requests it makes, what remains, and the errors of registries that do not delete.

import { describe, expect, test } from "vitest";
import { distributionProducts, startRegistryProcess } from "../../../../../tests/support/registry-process.js";
import { MEDIA_TYPES } from "../../../src/content/media-types.js";
import { openTarget } from "../../../src/open-target.js";
import { RemoteRepository } from "../../../src/remote/remote-repository.js";
import { pushBytes } from "../../../src/storage/bytes.js";
import { freshRepository, pushImage, useRegistry } from "../../support/registry.js";

const context = useRegistry();

test("resolves every tag once, and deletes each manifest once", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "a");
  await repository.tag(descriptor, "a-too");
  await pushImage(repository, "b");
  registry.reset();
  expect(await repository.deleteTags(["a", "a-too"])).toEqual([{ tag: "a" }, { tag: "a-too" }]);
  const methods = ["GET", "HEAD", "HEAD", "HEAD", "GET", "DELETE"];
  expect(registry.requests.map(({ method }) => method)).toEqual(methods);
  expect(registry.count("GET", /referrers/)).toBe(1);
});

test("makes no request without tags", async () => {
  const { registry } = context;
  expect(await freshRepository(registry).deleteTags([])).toEqual([]);
  expect(registry.requests).toEqual([]);
});

test("deletes no manifest that a remaining tag may need while that tag cannot be resolved", async () => {
  const { registry } = context;
  const repository = freshRepository(registry, { retry: { attempts: 1 } });
  const { descriptor } = await pushImage(repository, "to-delete");
  await repository.tag(descriptor, "silent");
  registry.fault({ method: "HEAD", path: /manifests\/silent/, status: 500, times: 99 });
  expect(await repository.deleteTags(["to-delete"])).toEqual([{ tag: "to-delete" }]);
  registry.reset();
  expect(await repository.resolve("silent")).toEqual(descriptor);
  await expect(repository.resolve("to-delete")).rejects.toMatchObject({ kind: "not-found" });
});

test("keeps everything below an index of indexes", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "to-delete");
  const pushIndex = (child: object, tag: string) =>
    pushBytes(
      repository,
      Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [child] })),
      { mediaType: MEDIA_TYPES.ociIndex, tag },
    );
  const inner = await pushIndex(descriptor, "inner");
  await pushIndex(inner.descriptor, "outer");
  await repository.deleteTags(["to-delete", "inner"]);
  expect(await repository.exists(descriptor)).toBe(true);
  expect(await repository.exists(inner.descriptor)).toBe(true);
  await expect(repository.resolve("inner")).rejects.toMatchObject({ kind: "not-found" });
});

test("reports a tag that fails, and deletes the others", async () => {
  const { registry } = context;
  const repository = freshRepository(registry, { retry: { attempts: 1 } });
  const { descriptor } = await pushImage(repository, "a");
  await pushImage(repository, "b");
  registry.fault({ method: "DELETE", path: new RegExp(descriptor.digest), status: 500, times: 99 });
  expect(await repository.deleteTags(["a", "b"])).toEqual([
    { tag: "a", error: expect.objectContaining({ kind: "unreachable" }) },
    { tag: "b" },
  ]);
});

test("reports a tag to delete that cannot be resolved, and keeps it", async () => {
  const { registry } = context;
  const repository = freshRepository(registry, { retry: { attempts: 1 } });
  await pushImage(repository, "a");
  registry.fault({ method: "HEAD", path: /manifests\/a$/, status: 500, times: 99 });
  expect(await repository.deleteTags(["a"])).toMatchObject([{ tag: "a", error: { kind: "unreachable" } }]);
  expect(registry.count("DELETE")).toBe(0);
});

describe("whether a registry deletes", () => {
  test("is found out without changing anything", async () => {
    const { registry } = context;
    const repository = freshRepository(registry);
    await repository.checkDeletion();
    expect(registry.requests).toMatchObject([{ method: "DELETE", status: 404 }]);
  });

  test("it is enough if a registry deletes only tags", async () => {
    const { registry } = context;
    const repository = freshRepository(registry);
    const { descriptor } = await pushImage(repository, "a");
    registry.fault({ method: "DELETE", path: /manifests\/sha256/, status: 405, times: 99 });
    await repository.checkDeletion();
    expect(await repository.deleteTags(["a"])).toEqual([{ tag: "a" }]);
    await expect(repository.resolve("a")).rejects.toMatchObject({ kind: "not-found" });
    expect(await repository.exists(descriptor)).toBe(true);
  });

  test("reports a registry that deletes neither, with a hint", async () => {
    const { registry } = context;
    registry.fault({ method: "DELETE", status: 405, times: 99 });
    await expect(freshRepository(registry).checkDeletion()).rejects.toMatchObject({
      code: "ERR_OCI_UNSUPPORTED",
      kind: "unsupported",
      hint: expect.stringContaining("REGISTRY_STORAGE_DELETE_ENABLED"),
    });
    expect(registry.count("PUT") + registry.count("POST")).toBe(0);
  });

  test("reports missing rights", async () => {
    const { registry } = context;
    registry.fault({ method: "DELETE", status: 403, times: 99 });
    await expect(freshRepository(registry).checkDeletion()).rejects.toMatchObject({ kind: "denied" });
  });
});

describe.each(distributionProducts)("%s without deletion", (product) => {
  test("gets its own error", async () => {
    const running = await startRegistryProcess(product, { deletes: false });
    try {
      const repository = openTarget(running.location("org/cache")) as RemoteRepository;
      expect(repository).toBeInstanceOf(RemoteRepository);
      const { descriptor } = await pushImage(repository, "a");
      await expect(repository.checkDeletion()).rejects.toMatchObject({ kind: "unsupported" });
      expect(await repository.resolve("a")).toEqual(descriptor);
    } finally {
      await running.stop();
    }
  });
});
