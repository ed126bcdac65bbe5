// Lessons about downloads: cuts, ranges, storage on other hosts, and wrong bytes; numbered as in docs/registries.md.

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { collectBytes } from "../../../../tests/support/collect.js";
import { answer, content } from "../../../../tests/support/test-registry/answer.js";
import {
  startTestRegistry,
  type TestRegistry,
} from "../../../../tests/support/test-registry/test-registry.js";
import { bodyOf } from "../../src/storage/bytes.js";
import { basic, blob, freshRepository, useRegistry } from "../support/registry.js";

const context = useRegistry();
const bytes = randomBytes(5_000_000);
const descriptor = blob(bytes);
const get = { method: "GET", path: /\/blobs\/sha256/ };

function stored(options: Parameters<typeof freshRepository>[1] = {}) {
  const repository = freshRepository(context.registry, options);
  context.registry.storage.repository(repository.repository).putBlob(bytes);
  return repository;
}

test("a cut download continues where it broke off, and fetches every byte once", async () => {
  const { registry } = context;
  for (const cutAfter of [1_000_000, 700_000, 1_500_000]) registry.fault({ ...get, cutAfter });
  let received = 0;
  const onBytes = (count: number) => {
    received += count;
  };
  expect((await collectBytes(await stored().fetch(descriptor, { onBytes }))).equals(bytes)).toBe(true);
  expect(received).toBe(bytes.length);
  const ranges = registry.requests.map(({ headers }) => headers["range"]);
  expect(ranges.length).toBe(4);
  expect(ranges[0]).toBeUndefined();
  const starts = ranges.slice(1).map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1]));
  expect([...starts].sort((a, b) => a - b)).toEqual(starts);
  expect(starts.every((start) => start > 0)).toBe(true);
  expect(
    registry.requests.slice(1).every(({ headers }) => headers["if-range"] === `"${descriptor.digest}"`),
  ).toBe(true);
});

test("a download survives more cuts than attempts as long as each brings something", async () => {
  const { registry } = context;
  registry.fault({ ...get, cutAfter: 200_000, times: 20 });
  expect((await collectBytes(await stored().fetch(descriptor))).equals(bytes)).toBe(true);
  expect(registry.count("GET")).toBeGreaterThan(15);
});

test("a connection that never brings a byte is given up, with the place and the progress", async () => {
  context.registry.fault({ ...get, cutAfter: 0, times: Number.POSITIVE_INFINITY });
  await expect(stored().fetch(descriptor).then(collectBytes)).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining("after 0 of 5000000 bytes"),
  });
});

test("lesson 18: a 200 to a Range is read from the beginning, and the known bytes are skipped", async () => {
  const { registry } = context;
  registry.fault({ ...get, cutAfter: 2_000_000 });
  registry.fault({ ...get, rewrite: () => content(200, bytes, {}) });
  expect((await collectBytes(await stored().fetch(descriptor))).equals(bytes)).toBe(true);
  expect(registry.count("GET")).toBe(2);
});

test("lesson 18: storage without ranges that cuts forever is given up before the effort becomes quadratic", async () => {
  const large = randomBytes(20_000_000);
  const { registry } = context;
  const repository = freshRepository(registry);
  registry.storage.repository(repository.repository).putBlob(large);
  let served = 0;
  for (let i = 1; i < 40; i += 1) {
    registry.fault({
      ...get,
      cutAfter: i * 500_000,
      rewrite: () => {
        served += i * 500_000;
        return content(200, large, {});
      },
    });
  }
  await expect(repository.fetch(blob(large)).then(collectBytes)).rejects.toMatchObject({
    code: "ERR_OCI_NO_RANGE",
  });
  expect(served).toBeLessThan(3 * large.length);
});

test.each([416, 400, 501])("after a %i to a Range, the download starts over once", async (status) => {
  const { registry } = context;
  registry.fault({ ...get, cutAfter: 2_000_000 });
  registry.fault({ ...get, status });
  expect((await collectBytes(await stored().fetch(descriptor))).equals(bytes)).toBe(true);
  expect(registry.requests.map(({ headers }) => headers["range"] !== undefined)).toEqual([
    false,
    true,
    false,
  ]);
});

test("an answer with another range is corrupt", async () => {
  const { registry } = context;
  registry.fault({ ...get, cutAfter: 2_000_000 });
  registry.fault({
    ...get,
    rewrite: (good) => ({
      ...good,
      headers: { ...good.headers, "content-range": "bytes 4000000-4999999/5000000" },
    }),
  });
  await expect(stored().fetch(descriptor).then(collectBytes)).rejects.toMatchObject({ kind: "corrupt" });
});

test("a flipped byte is corrupt, and is not fetched again and again", async () => {
  const { registry } = context;
  const fault = registry.fault({ ...get, corruptAt: 4_999_999, times: Number.POSITIVE_INFINITY });
  await expect(stored().fetch(descriptor).then(collectBytes)).rejects.toMatchObject({
    kind: "corrupt",
    message: expect.stringContaining(descriptor.digest),
  });
  expect(fault.hits).toBe(1);
});

test("a flipped byte before a cut is still detected, because the hash is kept", async () => {
  const { registry } = context;
  registry.fault({ ...get, corruptAt: 10, cutAfter: 2_000_000 });
  await expect(stored().fetch(descriptor).then(collectBytes)).rejects.toMatchObject({ kind: "corrupt" });
});

test("an answer that ends early without a length is continued", async () => {
  const { registry } = context;
  registry.fault({ ...get, truncateTo: 1_234_567 });
  expect((await collectBytes(await stored().fetch(descriptor))).equals(bytes)).toBe(true);
  expect(registry.requests.at(1)?.headers["range"]).toBe("bytes=1234567-");
});

test("an answer of another length than the descriptor's is rejected before it is read", async () => {
  await expect(stored().fetch({ ...descriptor, size: 17 })).rejects.toMatchObject({ kind: "corrupt" });
});

test("a stalled download is cut and continued", async () => {
  const { registry } = context;
  registry.fault({ ...get, stallAfter: 3_000_000 });
  const repository = stored({ timeouts: { stall: 300 } });
  expect((await collectBytes(await repository.fetch(descriptor))).equals(bytes)).toBe(true);
});

test("lesson 33: asks for no encoding, and an encoded answer is corrupt rather than misread", async () => {
  const { registry } = context;
  registry.fault({ ...get, body: "gzipped", headers: { "content-encoding": "gzip" } });
  await expect(stored().fetch(descriptor).then(collectBytes)).rejects.toMatchObject({ kind: "corrupt" });
  expect(registry.requests.every(({ headers }) => headers["accept-encoding"] === "identity")).toBe(true);
});

test("stopping a download frees its slot", async () => {
  const repository = stored({ hosts: () => ({ connections: 2 }) });
  const controller = new AbortController();
  for (let i = 0; i < 6; i += 1) {
    const stream = await repository.fetch(descriptor, { signal: i % 2 ? controller.signal : undefined });
    await new Promise((resolve) => stream.once("readable", resolve));
    if (i % 2 === 0) stream.destroy();
    else {
      stream.on("error", () => {});
      controller.abort();
      break;
    }
  }
  expect((await collectBytes(await repository.fetch(descriptor))).equals(bytes)).toBe(true);
});

describe("storage on another host", () => {
  let storage: TestRegistry;
  let guarded: TestRegistry;
  beforeAll(async () => {
    storage = await startTestRegistry();
    guarded = await startTestRegistry({ auth: { kind: "bearer", users: { me: "secret" } } });
  });
  beforeEach(() => {
    storage.reset();
    guarded.reset();
  });
  afterAll(() => Promise.all([storage.close(), guarded.close()]));

  function redirecting(signature: string) {
    storage.storage.repository("bucket").putBlob(bytes);
    const location = `${storage.origin}/v2/bucket/blobs/${descriptor.digest}?X-Signature=${signature}`;
    guarded.fault({
      ...get,
      when: ({ headers }) => headers["authorization"] !== undefined,
      times: 9,
      status: 307,
      headers: { location },
    });
    return freshRepository(guarded, { credentials: () => basic("me", "secret") });
  }

  test("lesson 16: a redirect to storage carries no Authorization", async () => {
    const repository = redirecting("one");
    expect((await collectBytes(await repository.fetch(descriptor))).equals(bytes)).toBe(true);
    expect(storage.requests.map(({ headers }) => headers["authorization"])).toEqual([undefined]);
  });

  test("lesson 16: a redirect to another registry gets its own token, without the user's secret", async () => {
    const other = await startTestRegistry({ auth: { kind: "bearer", users: {}, anonymousPull: true } });
    other.storage.repository("mirror").putBlob(bytes);
    const location = `${other.origin}/v2/mirror/blobs/${descriptor.digest}`;
    guarded.fault({
      ...get,
      when: ({ headers }) => headers["authorization"] !== undefined,
      status: 307,
      headers: { location },
    });
    const repository = freshRepository(guarded, { credentials: () => basic("me", "secret") });
    expect((await collectBytes(await repository.fetch(descriptor))).equals(bytes)).toBe(true);
    expect(
      other.requests.map(({ path, headers }) => [
        path.split("?")[0],
        headers["authorization"]?.split(" ")[0],
      ]),
    ).toEqual([
      [`/v2/mirror/blobs/${descriptor.digest}`, undefined],
      ["/token", undefined],
      [`/v2/mirror/blobs/${descriptor.digest}`, "Bearer"],
    ]);
    await other.close();
  });

  test("lesson 17: after a cut, the registry is asked for a new link, because the old one may have expired", async () => {
    const repository = redirecting("two");
    storage.fault({ ...get, cutAfter: 1_000_000 });
    storage.fault({
      ...get,
      status: 403,
      body: "<Error>Request has expired</Error>",
      when: ({ url }) => url.search.includes("old"),
    });
    expect((await collectBytes(await repository.fetch(descriptor))).equals(bytes)).toBe(true);
    expect(guarded.requests.filter(({ status }) => status === 307).length).toBe(2);
    expect(storage.requests.at(1)?.headers["range"]).toMatch(/^bytes=\d+-$/);
  });

  test("an error from storage names the registry's place and not the signature", async () => {
    const repository = redirecting("TOPSECRET");
    storage.fault({ ...get, status: 403, body: "<Error/>" });
    const error = await repository.fetch(descriptor).catch((caught) => caught);
    expect(error).toMatchObject({ kind: "denied", place: expect.stringContaining(guarded.host) });
    expect(JSON.stringify([error.message, error.hint, error.stack])).not.toContain("TOPSECRET");
  });

  test("circular redirects end", async () => {
    const { registry } = context;
    const repository = stored();
    registry.fault({ ...get, times: 99, rewrite: (_, { url }) => answer(302, { location: url.pathname }) });
    await expect(repository.fetch(descriptor)).rejects.toMatchObject({ code: "ERR_OCI_REDIRECT" });
    expect(registry.count("GET")).toBe(11);
  });

  test("a redirect that does not lead to a URL is an error", async () => {
    context.registry.fault({ ...get, status: 302, headers: { location: "http://[bad" } });
    await expect(stored().fetch(descriptor)).rejects.toMatchObject({ code: "ERR_OCI_REDIRECT" });
  });
});

test("a push during a resumed download does not mix with it", async () => {
  const { registry } = context;
  const repository = stored();
  registry.fault({ ...get, cutAfter: 1_000_000 });
  const other = randomBytes(1_000_000);
  const [fetched] = await Promise.all([
    repository.fetch(descriptor).then(collectBytes),
    repository.push(blob(other), bodyOf(other)),
  ]);
  expect(fetched.equals(bytes)).toBe(true);
});
