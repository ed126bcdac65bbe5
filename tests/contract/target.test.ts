// One contract for all targets: memory, image-layout directory, and registries, in-process and real.

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  bodyOf,
  createRegistryClient,
  type Descriptor,
  type Digest,
  descriptorOf,
  digestOf,
  fetchBytes,
  fetchManifest,
  isDeleter,
  isRangeReader,
  MEDIA_TYPES,
  MemoryTarget,
  openTarget,
  pushBytes,
  type TagLister,
  type Target,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectAll, collectBytes } from "../support/collect.js";
import { contractProducts, registryProducts, startRegistryProcess } from "../support/registry-process.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

interface Opened {
  readonly target: Target & TagLister;
  close(): Promise<void>;
}

const client = createRegistryClient();
const targets: Record<string, () => Promise<Opened>> = {
  memory: async () => ({ target: new MemoryTarget(), close: async () => {} }),
  "image layout": async () => {
    const directory = await mkdtemp(join(tmpdir(), "layout-"));
    const target = openTarget(`oci-layout:${directory}/cache`, { client });
    return { target, close: () => rm(directory, { recursive: true }) };
  },
  "test registry, with conditions": async () => {
    const registry = await startTestRegistry({ conditional: true });
    return { target: openTarget(registry.location("org/cache"), { client }), close: () => registry.close() };
  },
  "test registry": async () => {
    const registry = await startTestRegistry();
    return { target: openTarget(registry.location("org/cache"), { client }), close: () => registry.close() };
  },
};
for (const product of contractProducts) {
  targets[product] = async () => {
    const registry = await startRegistryProcess(product);
    return { target: openTarget(registry.location("org/cache"), { client }), close: () => registry.stop() };
  };
}
if (registryProducts.length === 0)
  console.info("no registry is on PATH; the contract runs against the test registry only");

/** The targets that can check where a tag points when they move it. */
const heedsConditions = new Set(["memory", "image layout", "test registry, with conditions"]);

const blob = (bytes: Buffer) => descriptorOf("application/octet-stream", bytes);

async function pushImage(target: Target, tag: string | undefined, note: string) {
  const config = Buffer.from(JSON.stringify({ note }));
  const layer = Buffer.from(`layer of ${note}`);
  await target.push(descriptorOf(MEDIA_TYPES.ociConfig, config), bodyOf(config));
  await target.push(descriptorOf(MEDIA_TYPES.ociLayerGzip, layer), bodyOf(layer));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociManifest,
      config: descriptorOf(MEDIA_TYPES.ociConfig, config),
      layers: [descriptorOf(MEDIA_TYPES.ociLayerGzip, layer)],
      annotations: { note: "ümlaut" },
    }),
  );
  const pushed = await pushBytes(target, manifest, {
    mediaType: MEDIA_TYPES.ociManifest,
    ...(tag === undefined ? {} : { tag }),
  });
  return { ...pushed, bytes: manifest };
}

describe.each(Object.keys(targets))("%s", (kind) => {
  let opened: Opened;
  let target: Target & TagLister;

  beforeAll(async () => {
    opened = await (targets[kind] as () => Promise<Opened>)();
    target = opened.target;
  });
  afterAll(() => opened.close());

  test("has nothing before it is pushed", async () => {
    expect(await target.exists(blob(Buffer.from("never pushed")))).toBe(false);
    await expect(target.resolve("never-pushed")).rejects.toMatchObject({ kind: "not-found" });
    await expect(target.resolve(digestOf("never pushed"))).rejects.toMatchObject({ kind: "not-found" });
    await expect(target.fetch(blob(Buffer.from("never pushed")))).rejects.toMatchObject({
      kind: "not-found",
    });
  });

  test("returns a blob byte for byte, and stores it once", async () => {
    const bytes = randomBytes(3_000_000);
    let sent = 0;
    let received = 0;
    const onBytes = (count: number) => {
      sent += count;
    };
    expect(await target.push(blob(bytes), bodyOf(bytes), { onBytes })).toBe("uploaded");
    expect(sent).toBe(bytes.length);
    expect(await target.exists(blob(bytes))).toBe(true);
    const unopened = () => {
      throw new Error("the body must not be opened");
    };
    expect(await target.push(blob(bytes), unopened)).toBe("exists");
    const stream = await target.fetch(blob(bytes), {
      onBytes: (count) => {
        received += count;
      },
    });
    expect((await collectBytes(stream)).equals(bytes)).toBe(true);
    expect(received).toBe(bytes.length);
  });

  test("reads a part of a blob without the rest", async () => {
    const bytes = randomBytes(100_000);
    await target.push(blob(bytes), bodyOf(bytes));
    if (!isRangeReader(target)) throw new Error("it reads no ranges");
    for (const [start, length] of [
      [0, 10],
      [50_000, 1],
      [90_000, 10_000],
    ] as const) {
      const part = await target.readRange(blob(bytes), { start, length });
      expect(part?.equals(bytes.subarray(start, start + length))).toBe(true);
    }
    const missing = target.readRange(blob(randomBytes(20)), { start: 0, length: 5 });
    await expect(missing).rejects.toMatchObject({ kind: "not-found" });
  });

  test("accepts an empty blob", async () => {
    const empty = Buffer.alloc(0);
    expect(await target.push(blob(empty), () => Readable.from([]))).toBe("uploaded");
    expect(await fetchBytes(target, blob(empty), { limit: 0 })).toEqual(empty);
  });

  test("rejects a body that does not match its descriptor, and leaves nothing behind", async () => {
    const promised = blob(randomBytes(1000));
    const other = randomBytes(1000);
    await expect(target.push(promised, bodyOf(other))).rejects.toMatchObject({ kind: "corrupt" });
    expect(await target.exists(promised)).toBe(false);
  });

  test("a descriptor with the wrong size is corrupt", async () => {
    const bytes = randomBytes(1000);
    await target.push(blob(bytes), bodyOf(bytes));
    const wrong: Descriptor = { ...blob(bytes), size: 999 };
    await expect(target.fetch(wrong).then(collectBytes)).rejects.toMatchObject({ kind: "corrupt" });
  });

  test("passes on a failing body's own error", async () => {
    const bytes = randomBytes(200_000);
    const failing = () =>
      new Readable({
        read() {
          this.push(bytes.subarray(0, 70_000));
          this.destroy(new Error("the disk is gone"));
        },
      });
    await expect(target.push(blob(bytes), failing)).rejects.toThrow("the disk is gone");
    expect(await target.exists(blob(bytes))).toBe(false);
  });

  test("a blob may be named by its sha512", async () => {
    const bytes = randomBytes(1000);
    const descriptor = { ...blob(bytes), digest: digestOf(bytes, "sha512") };
    if (kind === "crane") {
      // It knows only sha256, and reports success for everything else.
      await expect(target.push(descriptor, bodyOf(bytes))).rejects.toMatchObject({ kind: "unsupported" });
      return;
    }
    expect(await target.push(descriptor, bodyOf(bytes))).toBe("uploaded");
    expect(await fetchBytes(target, descriptor, { limit: 1000 })).toEqual(bytes);
  });

  test("does not read content above the limit", async () => {
    const bytes = randomBytes(1000);
    await target.push(blob(bytes), bodyOf(bytes));
    await expect(fetchBytes(target, blob(bytes), { limit: 999 })).rejects.toMatchObject({
      code: "ERR_OCI_OVERSIZED",
      kind: "corrupt",
    });
  });

  test("finds a manifest by tag and by digest, with its type and size", async () => {
    const { descriptor, bytes, outcome } = await pushImage(target, "v1", "one");
    expect(outcome).toBe("uploaded");
    expect(await target.resolve("v1")).toEqual(descriptor);
    expect(await target.resolve(descriptor.digest)).toEqual(descriptor);
    expect(await target.exists(descriptor)).toBe(true);
    expect(await collectBytes(await target.fetch(descriptor))).toEqual(bytes);
    const fetched = await fetchManifest(target, "v1");
    expect(fetched.descriptor).toEqual(descriptor);
    expect(fetched.bytes).toEqual(bytes);
    expect(fetched.manifest).toMatchObject({ annotations: { note: "ümlaut" } });
  });

  test("finds a manifest without a tag by digest", async () => {
    const { descriptor } = await pushImage(target, undefined, "untagged");
    expect(await target.resolve(descriptor.digest)).toEqual(descriptor);
    const again = await pushImage(target, undefined, "untagged");
    expect(again.outcome).toBe("exists");
  });

  test("a tag moves, and one manifest has several", async () => {
    const first = await pushImage(target, "moving", "first");
    const second = await pushImage(target, "moving", "second");
    expect((await target.resolve("moving")).digest).toBe(second.descriptor.digest);
    await target.tag(first.descriptor, "moving");
    await target.tag(first.descriptor, "Other_tag.spack");
    expect(await target.resolve("moving")).toEqual(first.descriptor);
    expect(await target.resolve("Other_tag.spack")).toEqual(first.descriptor);
    expect(await collectAll(target.tags())).toEqual(expect.arrayContaining(["Other_tag.spack", "moving"]));
  });

  test("does not move a tag from an unexpected manifest, unless the registry cannot check it", async () => {
    const first = await pushImage(target, "expected", "expected 1");
    const moved = { code: "ERR_OCI_TAG_MOVED", kind: "conflict" };
    const push = (replacing: Digest | "nothing", note: string) => {
      const bytes = Buffer.from(first.bytes.toString().replace("ümlaut", note));
      return pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociManifest, tag: "expected", replacing });
    };
    const second = await push(first.descriptor.digest, "expected 2");
    expect(await target.resolve("expected")).toEqual(second.descriptor);
    for (const replacing of [first.descriptor.digest, "nothing"] as const) {
      const third = await push(replacing, `instead of ${replacing}`).catch((error: unknown) => error);
      if (heedsConditions.has(kind)) expect(third).toMatchObject(moved);
      const expected = heedsConditions.has(kind) ? second : (third as typeof second);
      expect(await target.resolve("expected")).toEqual(expected.descriptor);
    }
    const bytes = Buffer.from(first.bytes.toString().replace("ümlaut", "other"));
    const options = { tag: "expected-new", replacing: "nothing" } as const;
    const { descriptor } = await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociManifest, ...options });
    expect(await target.resolve("expected-new")).toEqual(descriptor);
  });

  test("a tag for missing content is not-found, and a malformed tag is a usage error", async () => {
    const absent = descriptorOf(MEDIA_TYPES.ociManifest, Buffer.from('{"schemaVersion":2}'));
    await expect(target.tag(absent, "x")).rejects.toMatchObject({ kind: "not-found" });
    await expect(target.resolve("-no tag-")).rejects.toMatchObject({ kind: "usage" });
  });

  test("deleting a tag keeps its manifest, and deleting a manifest removes its tags", async (context) => {
    if (kind === "crane") context.skip("crane's registry keeps the tags of deleted manifests");
    if (!isDeleter(target)) throw new Error("all targets here delete");
    const { descriptor } = await pushImage(target, "toDelete", "toDelete");
    await target.tag(descriptor, "toDelete-too");
    await target.delete({ tag: "toDelete" });
    await expect(target.resolve("toDelete")).rejects.toMatchObject({ kind: "not-found" });
    expect(await target.resolve("toDelete-too")).toEqual(descriptor);
    await target.delete(descriptor);
    expect(await target.exists(descriptor)).toBe(false);
    await expect(target.resolve("toDelete-too")).rejects.toMatchObject({ kind: "not-found" });
    await expect(target.delete(descriptor)).rejects.toMatchObject({ kind: "not-found" });
  });

  test("deletes tags with their manifests, but nothing that another tag needs", async (context) => {
    if (kind === "crane") context.skip("crane's registry keeps the tags of deleted manifests");
    if (!isDeleter(target)) throw new Error("all targets here delete");
    await target.checkDeletion();
    const shared = await pushImage(target, "shared", "shared");
    await target.tag(shared.descriptor, "stays");
    const listed = await pushImage(target, "listed", "listed by an index");
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [listed.descriptor] };
    await pushBytes(target, Buffer.from(JSON.stringify(index)), {
      mediaType: MEDIA_TYPES.ociIndex,
      tag: "multi",
    });
    const alone = await pushImage(target, "alone", "alone");
    await target.tag(alone.descriptor, "alone-too");
    const reported: string[] = [];
    const toDelete = ["alone", "alone-too", "shared", "listed", "never-pushed"];
    const deletions = await target.deleteTags(toDelete, { onDeleted: ({ tag }) => reported.push(tag) });
    expect(deletions).toEqual(toDelete.map((tag) => ({ tag })));
    expect(reported).toEqual(toDelete);
    const tags = await collectAll(target.tags());
    expect(tags.filter((tag) => toDelete.includes(tag))).toEqual([]);
    expect(tags).toEqual(expect.arrayContaining(["stays", "multi"]));
    expect(await target.resolve("stays")).toEqual(shared.descriptor);
    expect(await target.exists(listed.descriptor)).toBe(true);
    if (kind !== "memory") expect(await target.exists(alone.descriptor)).toBe(false);
  });

  test("lists each tag once, in lexical order", async () => {
    expect(typeof target.tags).toBe("function");
    for (const tag of ["list-b", "list-a", "list-c", "list-a"]) await pushImage(target, tag, "listed");
    const listed = (await collectAll(target.tags())).filter((tag) => tag.startsWith("list-"));
    expect(listed).toEqual(["list-a", "list-b", "list-c"]);
  });

  test("an aborted signal stops everything", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const bytes = randomBytes(100);
    await expect(target.push(blob(bytes), bodyOf(bytes), { signal })).rejects.toThrow("enough");
    await expect(target.resolve("v1", { signal })).rejects.toThrow("enough");
    await expect(target.exists(blob(bytes), { signal })).rejects.toThrow("enough");
  });

  test("an abandoned fetch does no harm", async () => {
    const bytes = randomBytes(2_000_000);
    await target.push(blob(bytes), bodyOf(bytes));
    for (let i = 0; i < 12; i += 1) {
      const stream = await target.fetch(blob(bytes));
      await new Promise((resolve) => stream.once("readable", resolve));
      stream.destroy();
    }
    expect((await collectBytes(await target.fetch(blob(bytes)))).equals(bytes)).toBe(true);
  });

  test("many concurrent pushes all arrive", async () => {
    const images = Array.from({ length: 12 }, (_, i) => `at-once-${i}`);
    await Promise.all(images.map((tag) => pushImage(target, tag, tag)));
    const tags = await collectAll(target.tags());
    expect(tags.filter((tag) => tag.startsWith("at-once-")).sort()).toEqual(images.sort());
  });
});
