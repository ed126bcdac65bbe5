// Lessons about uploads: sessions, locations, chunks, and mounting; their numbers are those in docs/registries.md.

import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { answer, failure } from "../../../../tests/support/test-registry/answer.js";
import { startTestRegistry } from "../../../../tests/support/test-registry/test-registry.js";
import { digestOf } from "../../src/content/digest.js";
import { bodyOf } from "../../src/storage/bytes.js";
import { blob, freshRepository, useRegistry } from "../support/registry.js";

const context = useRegistry();
const uploads = /blobs\/uploads\//;
const bytes = randomBytes(10 * 1024 * 1024);

test("lesson 1: a blob of any size is sent whole; in chunks of at most 4 MiB only if that is rejected", async () => {
  const { registry } = context;
  expect(await freshRepository(registry).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  expect(registry.count("PATCH")).toBe(0);
  expect(registry.requests.find(({ method }) => method === "PUT")?.bytes).toBe(bytes.length);

  registry.reset();
  registry.fault({ method: "PUT", path: uploads, status: 413 });
  expect(await freshRepository(registry).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  const chunks = registry.requests.filter(({ method }) => method === "PATCH").map((request) => request.bytes);
  expect(chunks).toEqual([4 << 20, 4 << 20, 2 << 20]);
});

test("lesson 2: a relative Location is resolved against the URL that answered", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  registry.fault({
    method: "POST",
    rewrite: (good) => ({
      ...good,
      headers: {
        ...good.headers,
        location: good.headers["location"]?.replace(/^\/v2\/[^/]+\/[^/]+\/blobs\/uploads\//, "") ?? "",
      },
    }),
  });
  await repository.push(blob(Buffer.from("relative")), bodyOf(Buffer.from("relative")));
  expect(registry.requests.filter(({ method }) => method === "PUT").map(({ status }) => status)).toEqual([
    201,
  ]);
});

test("lesson 3: a Location's query is used unchanged, and the digest appended", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const small = Buffer.from("opaque");
  await repository.push(blob(small), bodyOf(small));
  const { path } = registry.requests.find(({ method }) => method === "PUT") ?? { path: "" };
  // The test registry's state has reserved characters and an empty parameter, and it rejects any other spelling.
  expect(path).toMatch(/\?_state=a%2Bb%2F[0-9a-f-]+%3D%3D&_nouploadcache=&digest=sha256%3A[0-9a-f]{64}$/);
});

test("lesson 3: a Location without a query gets its first parameter", async () => {
  const { registry } = context;
  const small = Buffer.from("no query");
  const digest = blob(small).digest;
  registry.routes.set("/elsewhere/upload", () => answer(201));
  registry.fault({ method: "POST", status: 202, headers: { location: "/elsewhere/upload" } });
  await freshRepository(registry).push(blob(small), bodyOf(small));
  expect(registry.requests.at(-1)?.path).toBe(`/elsewhere/upload?digest=${encodeURIComponent(digest)}`);
});

test("lesson 5: 201 is accepted for a chunk, and 204 for a finished blob", async () => {
  const { registry } = context;
  registry.fault({ method: "PUT", path: uploads, status: 405 });
  registry.fault({ method: "PATCH", times: 3, rewrite: (good) => ({ ...good, status: 201 }) });
  registry.fault({ method: "PUT", path: uploads, rewrite: (good) => ({ ...good, status: 204 }) });
  expect(await freshRepository(registry).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
});

test("lesson 6: dropped chunks are detected by Range, and the blob is sent whole", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  registry.fault({ method: "PUT", path: uploads, status: 413 });
  registry.fault({
    method: "PATCH",
    after: 1,
    rewrite: (good) => ({ ...good, headers: { ...good.headers, range: "0-4194303" } }),
  });
  expect(await repository.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  expect(registry.count("PATCH")).toBe(2);
  expect(
    registry.storage.repository(repository.repository).blobs.get(blob(bytes).digest)?.equals(bytes),
  ).toBe(true);
});

test("lesson 7: every attempt has a new session", async () => {
  const { registry } = context;
  registry.fault({ method: "PUT", path: uploads, status: 416, times: 2 });
  registry.fault({ method: "PUT", path: uploads, cutRequestAfter: 100_000, times: 1 });
  expect(await freshRepository(registry).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  const sessions = registry.requests.filter(({ method }) => method === "PUT").map(({ path }) => path);
  expect(sessions.length).toBe(4);
  expect(new Set(sessions).size).toBe(4);
});

test("lesson 8: a connection that breaks when an upload starts is reported with the host, the repository and a hint", async () => {
  const { registry } = context;
  registry.fault({ method: "POST", loseAnswer: true, times: Number.POSITIVE_INFINITY });
  const repository = freshRepository(registry);
  await expect(repository.push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining(`${registry.host}/${repository.repository}@sha256:`),
  });
});

test("lesson 11: an anonymous mount is never tried by default", async () => {
  const { registry } = context;
  const small = randomBytes(10);
  await freshRepository(registry).push(blob(small), bodyOf(small));
  expect(registry.count("POST", /mount=/)).toBe(0);
});

test("a blob of another repository of the host is mounted, and no byte is sent", async () => {
  const { registry } = context;
  const source = freshRepository(registry);
  const small = randomBytes(1000);
  await source.push(blob(small), bodyOf(small));
  registry.reset();
  const outcome = await freshRepository(registry).push(
    blob(small),
    () => Promise.reject(new Error("opened")),
    {
      mountFrom: ["org/unknown", source.repository],
    },
  );
  expect(outcome).toBe("mounted");
  expect(registry.count("PUT")).toBe(0);
});

test.each([400, 401, 403, 404, 405, 500])(
  "lesson 13: a mount that is rejected with %i is followed by an upload",
  async (status) => {
    const { registry } = context;
    registry.fault({ method: "POST", path: /mount=/, status, times: Number.POSITIVE_INFINITY });
    const small = randomBytes(1000);
    expect(
      await freshRepository(registry).push(blob(small), bodyOf(small), { mountFrom: ["org/source"] }),
    ).toBe("uploaded");
  },
);

test("lesson 14: the session that a failed mount opened is used", async () => {
  const { registry } = context;
  const small = randomBytes(1000);
  expect(await freshRepository(registry).push(blob(small), bodyOf(small), { mountFrom: ["org/none"] })).toBe(
    "uploaded",
  );
  expect(registry.count("POST")).toBe(1);
});

test("lesson 19: a registry that does not admit to having a blob is sent the blob", async () => {
  const { registry } = context;
  for (const method of ["HEAD", "GET"]) {
    registry.fault({ method, path: /blobs/, status: 403, times: Number.POSITIVE_INFINITY });
  }
  const small = randomBytes(1000);
  const repository = freshRepository(registry);
  await expect(repository.exists(blob(small))).rejects.toMatchObject({ kind: "denied" });
  expect(await repository.push(blob(small), bodyOf(small))).toBe("uploaded");
});

test("lesson 25: a PUT that is answered 404 is followed by PATCH and PUT", async () => {
  const { registry } = context;
  registry.fault({ method: "PUT", path: uploads, status: 404 });
  const small = randomBytes(1000);
  expect(await freshRepository(registry).push(blob(small), bodyOf(small))).toBe("uploaded");
  expect(registry.requests.filter(({ path }) => uploads.test(path)).map(({ method }) => method)).toEqual([
    "POST",
    "PUT",
    "POST",
    "PATCH",
    "PUT",
  ]);
});

test("lesson 25: Accept is sent for manifests only", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const small = randomBytes(1000);
  await repository.push(blob(small), bodyOf(small));
  await repository.resolve("absent").catch(() => {});
  for (const { path, headers } of registry.requests) {
    expect(headers["accept"] !== undefined, path).toBe(path.includes("/manifests/"));
  }
});

test("lesson 26: a whole upload has no Content-Range", async () => {
  const { registry } = context;
  const small = randomBytes(1000);
  await freshRepository(registry).push(blob(small), bodyOf(small));
  expect(registry.requests.filter(({ headers }) => headers["content-range"] !== undefined)).toEqual([]);
});

test("lesson 27: the Range of the last chunk alone, with a unit, is no reason to stop", async () => {
  const { registry } = context;
  registry.fault({ method: "PUT", path: uploads, status: 413 });
  const ranges = ["bytes=0-4194303", "4194304-8388607", "bytes=8388608-10485759"];
  for (const range of ranges) registry.fault({ method: "PATCH", headers: { range } });
  expect(await freshRepository(registry).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  expect(registry.count("PATCH")).toBe(3);
});

test("lesson 34: a server that answers 200 to everything has stored nothing", async () => {
  const { registry } = context;
  registry.fault({
    status: 200,
    body: "<html>welcome</html>",
    times: Number.POSITIVE_INFINITY,
    method: "POST",
  });
  await expect(freshRepository(registry).push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({
    code: "ERR_OCI_STATUS",
  });
  registry.reset();
  registry.fault({ status: 200, times: Number.POSITIVE_INFINITY, method: "PUT" });
  await expect(freshRepository(registry).push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({
    code: "ERR_OCI_STATUS",
  });
});

test("an upload whose answer was lost is not sent again", async () => {
  const { registry } = context;
  registry.fault({ method: "PUT", path: uploads, loseAnswer: true });
  let sent = 0;
  const onBytes = (count: number) => {
    sent += count;
  };
  expect(await freshRepository(registry).push(blob(bytes), bodyOf(bytes), { onBytes })).toBe("uploaded");
  expect(registry.count("PUT")).toBe(1);
  expect(sent).toBe(bytes.length);
});

test("progress takes back the bytes of failed attempts", async () => {
  const { registry } = context;
  registry.fault({ method: "PUT", path: uploads, cutRequestAfter: 5_000_000, times: 2 });
  let sent = 0;
  let takenBack = 0;
  await freshRepository(registry).push(blob(bytes), bodyOf(bytes), {
    onBytes: (count) => {
      sent += count;
      if (count < 0) takenBack -= count;
    },
  });
  expect(sent).toBe(bytes.length);
  expect(takenBack).toBeGreaterThan(0);
});

test("a stalled upload is cut and started again", async () => {
  const { registry } = context;
  const large = randomBytes(20 * 1024 * 1024);
  registry.fault({ method: "PUT", path: uploads, stallRequestAfter: 1000 });
  const repository = freshRepository(registry, { timeouts: { stall: 300 } });
  expect(await repository.push(blob(large), bodyOf(large))).toBe("uploaded");
  expect(registry.count("PUT")).toBe(2);
});

test("a session on another host gets the bytes, and none of the user's secrets", async () => {
  const storage = await startTestRegistry();
  storage.routes.set("/upload", () => answer(201));
  const registry = await startTestRegistry({ auth: { kind: "basic", users: { me: "secret" } } });
  registry.fault({
    method: "POST",
    path: uploads,
    after: 1,
    status: 202,
    headers: { location: `${storage.origin}/upload?x=1` },
  });
  const repository = freshRepository(registry, {
    credentials: () => ({ kind: "basic", username: "me", password: "secret", source: "the test" }),
    mayFollow: async () => {},
  });
  const small = randomBytes(1000);
  await repository.exists(blob(small));
  registry.reset();
  registry.fault({
    method: "POST",
    path: uploads,
    status: 202,
    headers: { location: `${storage.origin}/upload?x=1` },
  });
  expect(await repository.push(blob(small), bodyOf(small))).toBe("uploaded");
  expect(storage.requests.map(({ headers, bytes: length }) => [headers["authorization"], length])).toEqual([
    [undefined, 1000],
  ]);
  await storage.close();
  await registry.close();
});

test("a repeated digest mismatch is the caller's fault, and is not tried forever", async () => {
  const { registry } = context;
  const fault = registry.fault({
    method: "PUT",
    path: uploads,
    times: Number.POSITIVE_INFINITY,
    rewrite: () => failure(400, "DIGEST_INVALID"),
  });
  const small = randomBytes(1000);
  const other = blob(randomBytes(1000));
  await expect(freshRepository(registry).push(other, bodyOf(small))).rejects.toMatchObject({
    kind: "corrupt",
  });
  expect(fault.hits).toBe(2);
});

test("a redirected upload is sent again to the new location, with its body reopened", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  registry.fault({
    method: "PUT",
    path: uploads,
    status: 307,
    rewrite: (_, { url }) => answer(307, { location: `${url.pathname}${url.search}&again=1` }),
  });
  let opened = 0;
  const body = () => {
    opened += 1;
    return bodyOf(bytes)();
  };
  expect(await repository.push(blob(bytes), body)).toBe("uploaded");
  expect(opened).toBe(2);
  expect(registry.requests.filter(({ method }) => method === "PUT").map(({ status }) => status)).toEqual([
    307, 201,
  ]);
});

test("a session with a malformed address, or of another protocol, is an error", async () => {
  const { registry } = context;
  registry.fault({ method: "POST", status: 202, headers: { location: "ftp://127.0.0.1/x" } });
  await expect(freshRepository(registry).push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({
    code: "ERR_OCI_REDIRECT",
  });
  registry.fault({ method: "POST", status: 202, headers: { location: "" } });
  await expect(freshRepository(registry).push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({
    code: "ERR_OCI_LOCATION_HEADER",
  });
});

test("a registry that accepts a blob by sha512 is asked whether it has it", async () => {
  const { registry } = context;
  const small = randomBytes(1000);
  const descriptor = { ...blob(small), digest: digestOf(small, "sha512") };
  expect(await freshRepository(registry).push(descriptor, bodyOf(small))).toBe("uploaded");
  registry.fault({ method: "PUT", path: uploads, status: 201 });
  await expect(freshRepository(registry).push(descriptor, bodyOf(small))).rejects.toMatchObject({
    kind: "unsupported",
    message: expect.stringContaining("does not have it under this digest"),
  });
});
