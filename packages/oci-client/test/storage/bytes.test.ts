// Small content as bytes, within a limit.

import { expect, test } from "vitest";
import { type Descriptor, descriptorOf } from "../../src/content/descriptor.js";
import { MemoryTarget } from "../../src/memory/memory-target.js";
import { fetchBytes, pushBytes, sourcesOf } from "../../src/storage/bytes.js";

const bytes = Buffer.from("some content");

test("pushes bytes and returns their descriptor", async () => {
  const target = new MemoryTarget();
  const pushed = await pushBytes(target, bytes, { mediaType: "text/plain" });
  expect(pushed).toEqual({ descriptor: descriptorOf("text/plain", bytes), outcome: "uploaded" });
  expect((await fetchBytes(target, pushed.descriptor, { limit: 12 })).equals(bytes)).toBe(true);
  expect((await pushBytes(target, bytes, { mediaType: "text/plain" })).outcome).toBe("exists");
});

test("does not fetch content above the limit", async () => {
  const target = new MemoryTarget("small");
  const { descriptor } = await pushBytes(target, bytes, { mediaType: "text/plain" });
  await expect(fetchBytes(target, descriptor, { limit: 11 })).rejects.toMatchObject({
    code: "ERR_OCI_OVERSIZED",
    kind: "corrupt",
    message: expect.stringContaining("has 12 bytes, which exceeds the limit of 11."),
  });
});

test("takes content from the target's cache, and caches what it fetches", async () => {
  const target = new MemoryTarget();
  const kept = new Map<string, Buffer>();
  const cache = {
    read: async ({ digest }: Descriptor) => kept.get(digest),
    open: async () => undefined,
    write: async ({ digest }: Descriptor, content: unknown) => {
      if (content instanceof Uint8Array) kept.set(digest, Buffer.from(content));
    },
    readNote: async () => undefined,
    writeNote: async () => {},
    readBytes: async () => undefined,
    writeBytes: async () => {},
  };
  const cached = Object.assign(target, { cache });
  const { descriptor } = await pushBytes(cached, bytes, { mediaType: "text/plain" });
  await fetchBytes(cached, descriptor, { limit: 100 });
  await target.delete(descriptor);
  expect((await fetchBytes(cached, descriptor, { limit: 100 })).equals(bytes)).toBe(true);
});

test("the sources of a push are the given children, and no others", () => {
  const child = descriptorOf("text/plain", bytes);
  const sources = sourcesOf([child, bytes]);
  expect(sources(child)).toBeTypeOf("function");
  expect(sources(descriptorOf("text/plain", Buffer.from("other")))).toBeUndefined();
});
