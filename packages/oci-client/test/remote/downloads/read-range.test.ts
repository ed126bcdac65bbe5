// Parts of blobs: from storage on other hosts, across cuts, and from registries that do not serve them.

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  startTestRegistry,
  type TestRegistry,
} from "../../../../../tests/support/test-registry/test-registry.js";
import { blob, freshRepository, useRegistry } from "../../support/registry.js";

const context = useRegistry();
const bytes = randomBytes(300_000);
const descriptor = blob(bytes);
const get = { method: "GET", path: /\/blobs\/sha256/ };
const range = { start: 200_000, length: 1000 };
const expected = bytes.subarray(range.start, range.start + range.length);

let storage: TestRegistry;
beforeAll(async () => {
  storage = await startTestRegistry();
  storage.storage.repository("bucket").putBlob(bytes);
});
afterAll(() => storage.close());

function stored() {
  const repository = freshRepository(context.registry);
  context.registry.storage.repository(repository.repository).putBlob(bytes);
  return repository;
}

test("keeps the range across a redirect to storage", async () => {
  const location = `${storage.origin}/v2/bucket/blobs/${descriptor.digest}`;
  context.registry.fault({ ...get, status: 307, headers: { location } });
  expect((await stored().readRange(descriptor, range))?.equals(expected)).toBe(true);
  expect(storage.requests.map(({ headers }) => headers["range"])).toEqual(["bytes=200000-200999"]);
});

test("repeats the request after a cut answer", async () => {
  context.registry.fault({ ...get, cutAfter: 100 });
  expect((await stored().readRange(descriptor, range))?.equals(expected)).toBe(true);
  expect(context.registry.count("GET")).toBe(2);
});

test("a connection that is always cut is an error", async () => {
  context.registry.fault({ ...get, cutAfter: 0, times: Number.POSITIVE_INFINITY });
  await expect(stored().readRange(descriptor, range)).rejects.toMatchObject({ kind: "unreachable" });
});

test.each([
  ["sends all of it", { rewrite: () => ({ status: 200, headers: {}, body: bytes }) }],
  ["does not report which part it sends", { headers: { "content-range": "" } }],
  ["sends another part", { headers: { "content-range": "bytes 0-999/300000" } }],
  ["sends less", { rewrite: () => partial(bytes.subarray(0, 10)) }],
  ["sends more", { rewrite: () => partial(bytes) }],
  ["refuses", { status: 416 }],
  ["does not know the header", { status: 400 }],
  ["has not implemented it", { status: 501 }],
])("a registry that %s serves no ranges, and is not asked again", async (_what, fault) => {
  const repository = stored();
  context.registry.fault({ ...get, ...fault });
  expect(await repository.readRange(descriptor, range)).toBeUndefined();
  expect(await repository.readRange(descriptor, range)).toBeUndefined();
  expect(context.registry.count("GET")).toBe(1);
});

test("a refusal is an error of its kind", async () => {
  context.registry.fault({ ...get, status: 403 });
  await expect(stored().readRange(descriptor, range)).rejects.toMatchObject({ kind: "denied" });
});

function partial(body: Buffer) {
  return { status: 206, headers: { "content-range": "bytes 200000-200999/300000" }, body };
}
