// Pull-through caches are read first, and are never an obstacle.

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { collectAll, collectBytes } from "../../../../tests/support/collect.js";
import {
  startTestRegistry,
  type TestRegistry,
} from "../../../../tests/support/test-registry/test-registry.js";
import { openTarget } from "../../src/open-target.js";
import { bodyOf } from "../../src/storage/bytes.js";
import { fetchManifest } from "../../src/storage/fetch-manifest.js";
import { isMounter, isRangeReader } from "../../src/storage/target.js";
import { createRegistryClient } from "../../src/transport/client.js";
import { instantClock } from "../support/instant-clock.js";
import { blob, freshRepository, pushImage } from "../support/registry.js";

let cache: TestRegistry;
let upstream: TestRegistry;
beforeAll(async () => {
  cache = await startTestRegistry();
  upstream = await startTestRegistry();
});
beforeEach(() => {
  cache.reset();
  upstream.reset();
});
afterAll(() => Promise.all([cache.close(), upstream.close()]));

const bytes = randomBytes(100_000);

/**
 * A repository upstream, the same one below `site/` in the cache, and the former opened with the latter as its cache.
 */
function open(client = createRegistryClient({ clock: instantClock() })) {
  const original = freshRepository(upstream);
  const copy = freshRepository(cache, {}, `site/${original.repository}`);
  const failures: string[] = [];
  const target = openTarget(upstream.location(original.repository), {
    client,
    pullThroughCaches: [`${cache.location("site")}/`],
    onCacheFailure: (name, { kind }) => failures.push(`${name} ${kind}`),
  });
  return { original, copy, target, failures };
}

test("reads from the cache alone what the cache has", async () => {
  const { copy, target, failures } = open();
  await copy.push(blob(bytes), bodyOf(bytes));
  const { descriptor } = await pushImage(copy, "v1");
  cache.reset();
  expect((await collectBytes(await target.fetch(blob(bytes)))).equals(bytes)).toBe(true);
  expect(await target.exists(blob(bytes))).toBe(true);
  expect(await target.resolve("v1")).toEqual(descriptor);
  expect((await fetchManifest(target, "v1")).descriptor).toEqual(descriptor);
  expect(await collectAll(target.tags())).toEqual(["v1"]);
  expect([cache.requests.length, upstream.requests.length, failures]).toEqual([5, 0, []]);
});

test("reads a part of a blob from the registry itself if the cache serves no parts", async () => {
  const { original, copy, target, failures } = open();
  for (const repository of [original, copy]) await repository.push(blob(bytes), bodyOf(bytes));
  cache.reset();
  upstream.reset();
  cache.fault({ method: "GET", path: /blobs/, status: 416 });
  const part = isRangeReader(target) && (await target.readRange(blob(bytes), { start: 5, length: 3 }));
  expect(part).toEqual(bytes.subarray(5, 8));
  expect([cache.requests.length, upstream.requests.length, failures]).toEqual([1, 1, []]);
});

test("reads from the registry itself what the cache lacks, without a warning", async () => {
  const { original, target, failures } = open();
  await original.push(blob(bytes), bodyOf(bytes));
  const { descriptor } = await pushImage(original, "v1");
  expect((await collectBytes(await target.fetch(blob(bytes)))).equals(bytes)).toBe(true);
  expect(await target.exists(blob(bytes))).toBe(true);
  expect(await target.exists(blob(randomBytes(10)))).toBe(false);
  expect(await target.resolve("v1")).toEqual(descriptor);
  expect(await collectAll(target.tags())).toEqual(["v1"]);
  await expect(target.resolve("absent")).rejects.toMatchObject({
    kind: "not-found",
    place: expect.stringContaining(upstream.host),
  });
  expect(failures).toEqual([]);
});

test("skips and reports a cache that refuses, throttles or fails", async () => {
  const { original, target, failures, copy } = open();
  await pushImage(original, "v1");
  cache.fault({ status: 403, times: 2 });
  await target.resolve("v1");
  cache.reset();
  cache.fault({ status: 429, times: 99 });
  await target.resolve("v1");
  expect(failures).toEqual([`${copy.name} denied`, `${copy.name} rate-limited`]);
});

test("tries an unreachable cache once, and not again for every blob", async () => {
  const { original, target, failures, copy } = open(
    createRegistryClient({ clock: instantClock(), retry: { attempts: 2 } }),
  );
  await pushImage(original, "v1");
  cache.fault({ loseAnswer: true, times: Number.POSITIVE_INFINITY });
  for (let i = 0; i < 5; i += 1) await target.resolve("v1");
  expect(cache.requests.length).toBe(2);
  expect(failures).toEqual([`${copy.name} unreachable`]);
});

test("writes to the registry itself, whatever the cache has", async () => {
  const { copy, original, target } = open();
  await copy.push(blob(bytes), bodyOf(bytes));
  cache.reset();
  expect(await target.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  const { descriptor } = await pushImage(original, "v1");
  await target.tag(descriptor, "v2");
  if (!isMounter(target)) throw new Error("mounts within the registry");
  expect(target.host).toBe(upstream.host);
  expect(await target.mount(blob(randomBytes(9)), "org/none")).toBe(false);
  expect(cache.requests).toEqual([]);
  expect(await original.resolve("v2")).toEqual(descriptor);
});

test("a usage error and an abort end it at once", async () => {
  const { target } = open();
  await expect(target.resolve("-no tag-")).rejects.toMatchObject({ kind: "usage" });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(target.resolve("v1", { signal })).rejects.toThrow("enough");
  expect([cache.requests, upstream.requests]).toEqual([[], []]);
});
