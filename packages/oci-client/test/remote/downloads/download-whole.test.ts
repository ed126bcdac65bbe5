// Small blobs in memory: every fault of an answer is either fixed or explained, as with streams.

import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { content } from "../../../../../tests/support/test-registry/answer.js";
import { fetchWhole } from "../../../src/storage/bytes.js";
import { blob, freshRepository, useRegistry } from "../../support/registry.js";

const context = useRegistry();
const bytes = randomBytes(100_000);
const descriptor = blob(bytes);
const get = { method: "GET", path: /\/blobs\/sha256/ };

function stored() {
  const repository = freshRepository(context.registry);
  context.registry.storage.repository(repository.repository).putBlob(bytes);
  return repository;
}

async function fetchCounting() {
  const counts: number[] = [];
  const fetched = await fetchWhole(stored(), descriptor, { onBytes: (count) => counts.push(count) });
  expect(fetched.equals(bytes)).toBe(true);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(bytes.length);
  return context.registry.count("GET");
}

test("an intact answer takes one request", async () => {
  expect(await fetchCounting()).toBe(1);
});

test.each([
  ["cut", { cutAfter: 50_000 }],
  ["cut without a length", { truncateTo: 50_000 }],
  ["empty", { truncateTo: 0 }],
  ["lost", { loseAnswer: true }],
  ["throttled with a long explanation", { status: 429, body: `retry-after: 0 ${"x".repeat(200_000)}` }],
])("an answer that is %s is asked for again", async (_, fault) => {
  context.registry.fault({ ...get, ...fault });
  expect(await fetchCounting()).toBe(2);
});

test("a redirect may have a longer body than a short blob", async () => {
  const { registry } = context;
  const short = Buffer.from("{}");
  const repository = freshRepository(registry);
  registry.storage.repository(repository.repository).putBlob(short);
  const location = `/v2/${repository.repository}/blobs/${blob(short).digest}?stored`;
  const body = `<a href="${location}">moved</a>`;
  registry.fault({ method: "GET", path: /sha256:\w+$/, times: 9, status: 307, headers: { location }, body });
  expect((await fetchWhole(repository, blob(short))).equals(short)).toBe(true);
  expect(registry.count("GET")).toBe(2);
});

test("an answer with changed bytes is corrupt", async () => {
  context.registry.fault({ ...get, corruptAt: 99_999 });
  await expect(fetchWhole(stored(), descriptor)).rejects.toMatchObject({
    code: "ERR_OCI_CORRUPT",
    message: expect.stringContaining("the digest is sha256:"),
  });
});

test("an answer of another length is corrupt, announced or not", async () => {
  const longer = Buffer.concat([bytes, bytes]);
  const { registry } = context;
  registry.fault({ ...get, times: 2, rewrite: () => content(200, longer, {}) });
  await expect(fetchWhole(stored(), descriptor)).rejects.toMatchObject({
    code: "ERR_OCI_CORRUPT",
    message: expect.stringContaining("offers 200000 bytes, expected 100000"),
  });
  registry.fault({ ...get, times: 2, rewrite: () => content(200, longer, {}), truncateTo: 150_000 });
  await expect(fetchWhole(stored(), descriptor)).rejects.toMatchObject({
    code: "ERR_OCI_CORRUPT",
    message: expect.stringContaining("more than the expected 100000 bytes"),
  });
});

test("a missing blob is not found, after one request", async () => {
  const repository = freshRepository(context.registry);
  await expect(fetchWhole(repository, descriptor)).rejects.toMatchObject({ kind: "not-found" });
  expect(context.registry.count("GET")).toBe(1);
});

test("an abort while the answer comes ends the download with its reason", async () => {
  context.registry.fault({ ...get, stallAfter: 50_000 });
  const abort = new AbortController();
  const fetching = fetchWhole(stored(), descriptor, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 100);
  await expect(fetching).rejects.toThrow("enough");
});

test("a large blob continues where it was cut instead", async () => {
  const large = randomBytes(2_000_000);
  const repository = freshRepository(context.registry);
  context.registry.storage.repository(repository.repository).putBlob(large);
  context.registry.fault({ ...get, cutAfter: 1_500_000 });
  expect((await fetchWhole(repository, blob(large))).equals(large)).toBe(true);
  expect(context.registry.requests[1]?.headers["range"]).toMatch(/^bytes=\d+-$/);
});
