// Deleting tags: what is asked, what stays, and what is said where a registry does not delete.
import { describe, expect, test } from "vitest";
import { registryProducts, startRegistryProcess } from "../../../../../tests/support/registry-process.js";
import { mediaTypes } from "../../../src/content/media-types.js";
import { openTarget } from "../../../src/open-target.js";
import { RemoteRepository } from "../../../src/remote/remote-repository.js";
import { pushBytes } from "../../../src/storage/bytes.js";
import { freshRepository, pushImage, useRegistry } from "../../support/registry.js";

const context = useRegistry();

test("every tag is asked for its digest once, and each manifest is deleted once", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "a");
  await repository.tag(descriptor, "a-too");
  await pushImage(repository, "b");
  registry.reset();
  expect(await repository.deleteTags(["a", "a-too"])).toEqual([{ tag: "a" }, { tag: "a-too" }]);
  expect(registry.requests.map(({ method }) => method)).toEqual(["GET", "HEAD", "HEAD", "HEAD", "DELETE"]);
});

test("without tags nothing is asked", async () => {
  const { registry } = context;
  expect(await freshRepository(registry).deleteTags([])).toEqual([]);
  expect(registry.requests).toEqual([]);
});

test("while a tag that stays cannot be asked, no manifest is deleted that it may need", async () => {
  const { registry } = context;
  const repository = freshRepository(registry, { retry: { attempts: 1 } });
  const { descriptor } = await pushImage(repository, "doomed");
  await repository.tag(descriptor, "silent");
  registry.fault({ method: "HEAD", path: /manifests\/silent/, status: 500, times: 99 });
  expect(await repository.deleteTags(["doomed"])).toEqual([{ tag: "doomed" }]);
  registry.reset();
  expect(await repository.resolve("silent")).toEqual(descriptor);
  await expect(repository.resolve("doomed")).rejects.toMatchObject({ kind: "not-found" });
});

test("an index of indexes keeps what is below it", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "doomed");
  const pushIndex = (child: object, tag: string) =>
    pushBytes(
      repository,
      Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [child] })),
      { mediaType: mediaTypes.ociIndex, tag },
    );
  const inner = await pushIndex(descriptor, "inner");
  await pushIndex(inner.descriptor, "outer");
  await repository.deleteTags(["doomed", "inner"]);
  expect(await repository.exists(descriptor)).toBe(true);
  expect(await repository.exists(inner.descriptor)).toBe(true);
  await expect(repository.resolve("inner")).rejects.toMatchObject({ kind: "not-found" });
});

test("a tag that fails is reported, and the others go", async () => {
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

test("a doomed tag that cannot be asked is reported, and stays", async () => {
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

  test("a registry that deletes tags only will do", async () => {
    const { registry } = context;
    const repository = freshRepository(registry);
    const { descriptor } = await pushImage(repository, "a");
    registry.fault({ method: "DELETE", path: /manifests\/sha256/, status: 405, times: 99 });
    await repository.checkDeletion();
    expect(await repository.deleteTags(["a"])).toEqual([{ tag: "a" }]);
    await expect(repository.resolve("a")).rejects.toMatchObject({ kind: "not-found" });
    expect(await repository.exists(descriptor)).toBe(true);
  });

  test("one that deletes neither says so, and what to do", async () => {
    const { registry } = context;
    registry.fault({ method: "DELETE", status: 405, times: 99 });
    await expect(freshRepository(registry).checkDeletion()).rejects.toMatchObject({
      code: "ERR_OCI_UNSUPPORTED",
      kind: "unsupported",
      hint: expect.stringContaining("REGISTRY_STORAGE_DELETE_ENABLED"),
    });
    expect(registry.count("PUT") + registry.count("POST")).toBe(0);
  });

  test("who is not allowed to is told", async () => {
    const { registry } = context;
    registry.fault({ method: "DELETE", status: 403, times: 99 });
    await expect(freshRepository(registry).checkDeletion()).rejects.toMatchObject({ kind: "denied" });
  });
});

describe.each(registryProducts.filter((name) => name !== "zot"))("%s without deletion", (product) => {
  test("is told apart", async () => {
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
