// Lessons about registries under load, and about requests worth repeating; numbered as in docs/registries.md.

import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { isSpackOciError } from "@spack-oci/errors";
import { expect, test } from "vitest";
import { requestedWait } from "../../src/http/rate-limit.js";
import { bodyOf } from "../../src/storage/bytes.js";
import { instantClock } from "../support/instant-clock.js";
import { blob, freshRepository, pushImage, useRegistry } from "../support/registry.js";

const context = useRegistry();
const some = blob(Buffer.from("x"));

test.each([408, 429, 500, 502, 503, 504])("%i is repeated, and then it works", async (status) => {
  const fault = context.registry.fault({ method: "HEAD", status, times: 3 });
  expect(await freshRepository(context.registry).exists(some)).toBe(false);
  expect(fault.hits).toBe(3);
});

test.each([400, 401, 403, 405, 410, 451, 501])("%i is not repeated", async (status) => {
  const { registry } = context;
  registry.fault({ status, times: 99 });
  await expect(freshRepository(registry).exists(some)).rejects.toSatisfy(isSpackOciError);
  expect(registry.count("HEAD")).toBe(1);
});

test.each([
  [404, "not-found"],
  [401, "denied"],
  [403, "denied"],
  [429, "rate-limited"],
  [500, "unreachable"],
  [503, "unreachable"],
  [405, "unsupported"],
  [418, "failed"],
])("%i keeps its meaning: %s", async (status, kind) => {
  const { registry } = context;
  registry.fault({ status, times: 99 });
  const repository = freshRepository(registry);
  const error = await repository.fetchManifestBytes("v1").catch((caught) => caught);
  expect(error).toMatchObject({ kind, place: `${registry.host}/${repository.repository}:v1` });
  expect(error.hint).toMatch(/\.$/);
  expect(error.message).toContain(`${registry.host}/${repository.repository}:v1`);
});

test.each(["loseAnswer", "cutAfter"] as const)(
  "a connection that is cut (%s) is opened again",
  async (how) => {
    const { registry } = context;
    const repository = freshRepository(registry);
    await pushImage(repository, "v1");
    registry.fault({
      method: "GET",
      times: 2,
      ...(how === "cutAfter" ? { cutAfter: 10 } : { loseAnswer: true }),
    });
    await repository.fetchManifestBytes("v1");
    expect(registry.count("GET")).toBe(3);
  },
);

test("a host that is not listening is unreachable, after all attempts", async () => {
  const clock = instantClock();
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const port = (server.address() as { port: number }).port;
  await new Promise((resolve) => server.close(resolve));
  const { registry } = context;
  const repository = freshRepository({ location: () => `oci+http://127.0.0.1:${port}/a/b` } as never, {
    clock,
  });
  expect(registry).toBeDefined();
  await expect(repository.exists(some)).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining("refused the connection"),
  });
  expect(clock.sleeps.length).toBe(5);
});

test("lesson 23: a request is repeated after an answer that is not HTTP", async () => {
  let asked = 0;
  const server = createServer((socket) => {
    asked += 1;
    socket.once("data", () => {
      // The header lines of Docker Hub's 429 ended in bare line feeds; here, even the status line is broken.
      socket.end(
        asked === 1
          ? "HTTP/1.1 4 29\nToo Many\n\n"
          : "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
      );
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const repository = freshRepository({ location: () => `oci+http://127.0.0.1:${port}/a/b` } as never);
  expect(await repository.exists(some)).toBe(false);
  expect(asked).toBe(2);
  server.close();
});

test("lesson 23: Retry-After is honored, but an hour is an error", async () => {
  const { registry } = context;
  const clock = instantClock();
  registry.fault({ method: "HEAD", status: 429, headers: { "retry-after": "7" } });
  await freshRepository(registry, { clock }).exists(some);
  expect(Math.max(...clock.sleeps)).toBeGreaterThanOrEqual(7000);

  registry.reset();
  registry.fault({ method: "HEAD", status: 429, headers: { "retry-after": "3600" }, times: 9 });
  await expect(freshRepository(registry, { clock }).exists(some)).rejects.toMatchObject({
    kind: "rate-limited",
  });
  expect(registry.count("HEAD")).toBe(1);

  registry.reset();
  registry.fault({ method: "HEAD", status: 429, headers: { "retry-after": "3600" } });
  await freshRepository(registry, { clock, retry: { maxRequestedWait: 4_000_000 } }).exists(some);
});

test("waits are parsed as seconds, as dates, and as milliseconds in a body", () => {
  const now = Date.parse("2026-11-22T17:00:00Z");
  const wait = (headers: Record<string, string>, body = "") => requestedWait({ headers }, body, now);
  expect(wait({ "retry-after": "3" })).toBe(3000);
  expect(wait({ "retry-after": "Sun, 22 Nov 2026 17:00:05 GMT" })).toBe(5000);
  expect(wait({ "retry-after": "Sun, 22 Nov 2026 16:00:05 GMT" })).toBe(0);
  expect(wait({}, "toomanyrequests: retry-after: 12.5ms, allowed: 2000/minute")).toBe(12.5);
  expect(wait({}, '{"errors":[{"message":"Retry after 2s"}]}')).toBe(2000);
  expect(wait({}, "slow down")).toBeUndefined();
  expect(wait({ "retry-after": "soon" })).toBeUndefined();
});

test("GitHub's 403 for a secondary rate limit is throttling, not a refusal", async () => {
  const { registry } = context;
  const body = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  registry.fault({ method: "GET", status: 403, body, times: 2 });
  const repository = freshRepository(registry);
  await expect(repository.fetchManifestBytes("v1")).rejects.toMatchObject({ kind: "not-found" });
  expect(registry.count("GET")).toBe(3);
  registry.fault({ method: "GET", status: 403, body, times: 99 });
  await expect(repository.fetchManifestBytes("v1")).rejects.toMatchObject({ kind: "rate-limited" });
});

test("the same 403 to a HEAD has no body: a GET finds out what it means", async () => {
  const { registry } = context;
  const body = "You have exceeded a secondary rate limit";
  const repository = freshRepository(registry);
  const { descriptor } = await pushImage(repository, "v1");
  registry.fault({ method: "HEAD", status: 403, body, times: 99 });
  registry.fault({ method: "GET", status: 403, body, times: 2 });
  expect(await repository.resolve("v1")).toEqual(descriptor);
  expect(await repository.exists(descriptor)).toBe(true);
  expect(await repository.exists(some)).toBe(false);
  registry.fault({ method: "GET", status: 403, times: 99 });
  await expect(repository.exists(some)).rejects.toMatchObject({ kind: "denied" });
});

test("a host that throttles one request is left alone by all", async () => {
  const { registry } = context;
  const asleep: (() => void)[] = [];
  const clock = instantClock();
  const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      asleep.push(() => {
        clock.advance(milliseconds);
        resolve();
      });
    });
  const repository = freshRepository(registry, { clock: { ...clock, sleep } });
  registry.fault({ method: "HEAD", status: 429, headers: { "retry-after": "1" } });
  const first = repository.exists(some);
  await expect.poll(() => asleep.length).toBe(1);
  const others = Array.from({ length: 5 }, () => repository.exists(some));
  // The first answer has cost half of the connections; requests in progress keep theirs.
  await expect.poll(() => asleep.length).toBeGreaterThan(1);
  expect(registry.count("HEAD")).toBe(1);
  for (const wake of asleep.splice(0)) wake();
  await Promise.all([first, ...others]);
  expect(registry.count("HEAD")).toBe(7);
});

test("a host that throttles gets fewer concurrent requests, and slowly more again", async () => {
  const { HostPressure } = await import("../../src/transport/pressure.js");
  const { DEFAULT_RETRY_POLICY } = await import("../../src/transport/backoff.js");
  const pressure = new HostPressure(DEFAULT_RETRY_POLICY, instantClock(), { connections: 8 });
  const atOnce = async () => {
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(1);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => pressure.enter("question", task)));
    return most;
  };
  expect(await atOnce()).toBe(8);
  pressure.throttle(undefined);
  pressure.throttle(undefined);
  expect(await atOnce()).toBe(2);
  pressure.relax();
  expect(await atOnce()).toBe(3);
});

test("as many requests run at once as the user allows for a host", async () => {
  const waiting: ServerResponse[] = [];
  let most = 0;
  // Answers come in pairs and late, so that a third request would show.
  const server = createHttpServer((_, response) => {
    waiting.push(response);
    most = Math.max(most, waiting.length);
    if (waiting.length < 2) return;
    setTimeout(() => {
      for (const each of waiting.splice(0)) each.writeHead(404).end();
    }, 50);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const location = () => `oci+http://127.0.0.1:${port}/a/b`;
  const hosts = (host: string) => (host === `127.0.0.1:${port}` ? { connections: 2 } : {});
  const repository = freshRepository({ location } as never, { hosts });
  await Promise.all(Array.from({ length: 6 }, () => repository.exists(some)));
  expect(most).toBe(2);
  server.close();
});

test("a rate limit lets requests for one second start at once, and spaces the rest", async () => {
  const { HostPressure } = await import("../../src/transport/pressure.js");
  const { DEFAULT_RETRY_POLICY } = await import("../../src/transport/backoff.js");
  const clock = instantClock();
  const pressure = new HostPressure(DEFAULT_RETRY_POLICY, clock, { requestsPerSecond: 10 });
  const start = clock.now();
  for (let i = 0; i < 10; i += 1) await pressure.ready();
  expect(clock.now() - start).toBe(0);
  for (let i = 0; i < 20; i += 1) await pressure.ready();
  expect(clock.now() - start).toBeCloseTo(2000, -2);
});

test("a body of unknown length is an upload, and an empty one is a question", async () => {
  const { laneOf } = await import("../../src/transport/pressure.js");
  const request = { method: "PATCH", url: "", repository: "", scopes: [], place: "" } as const;
  const body = (size: number | undefined) => ({ open: bodyOf(Buffer.alloc(0)), size });
  const lanes = [undefined, 1, 0].map((size) => laneOf({ ...request, body: body(size) }));
  expect([...lanes, laneOf(request)]).toEqual(["upload", "upload", "question", "question"]);
});

test("an aborted request stops waiting at once", async () => {
  const { registry } = context;
  const repository = freshRepository(registry, { clock: undefined as never });
  registry.fault({ method: "HEAD", status: 429, headers: { "retry-after": "60" }, times: 9 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 100);
  await expect(repository.exists(some, { signal: controller.signal })).rejects.toThrow("enough");
});

test("an answer that stops midway ends with the signal, or in time", async () => {
  const { registry } = context;
  const repository = freshRepository(registry, { timeouts: { stall: 400 }, retry: { attempts: 1 } });
  await pushImage(repository, "v1");
  registry.fault({ method: "GET", stallAfter: 5, times: 9 });
  const signal = AbortSignal.timeout(50);
  await expect(repository.fetchManifestBytes("v1", { signal })).rejects.toThrow("timeout");
  await expect(repository.fetchManifestBytes("v1")).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining("stopped sending"),
  });
});

test("an answer that does not come is given up in time", async () => {
  const { registry } = context;
  registry.fault({ method: "HEAD", delay: 3000, times: 9 });
  const repository = freshRepository(registry, { timeouts: { headers: 100 }, retry: { attempts: 2 } });
  // All waiting requests learn that there is no such blob.
  await expect(repository.exists(some)).rejects.toMatchObject({ kind: "unreachable" });
});

test("copies within one host do not deadlock, however few connections there are", async () => {
  const { registry } = context;
  const repository = freshRepository(registry, { hosts: () => ({ connections: 1 }) });
  const bytes = Buffer.alloc(300_000, 7);
  const source = freshRepository(registry, { hosts: () => ({ connections: 1 }) });
  await source.push(blob(bytes), bodyOf(bytes));
  await Promise.all(
    ["a", "b", "c"].map((name) => {
      const target = freshRepository(registry, {}, `org/copy-${name}`);
      return target.push(blob(bytes), () => source.fetch(blob(bytes)));
    }),
  );
  await Promise.all([1, 2, 3].map(() => repository.push(blob(bytes), () => source.fetch(blob(bytes)))));
});

test("each warning of a registry is reported once", async () => {
  const { registry } = context;
  const reported: string[] = [];
  const repository = freshRepository(registry, {
    onWarning: (host, text) => reported.push(`${host} ${text}`),
  });
  registry.fault({
    headers: { warning: '299 - "this \\"image\\" is old", 110 x "ignored", 299 - "second"' },
    times: 9,
  });
  for (let i = 0; i < 3; i += 1) await repository.exists(some);
  expect(reported).toEqual([`${registry.host} this "image" is old`, `${registry.host} second`]);
});

test("every request names the client, and reported requests have no query values", async () => {
  const { registry } = context;
  const reported: string[] = [];
  const repository = freshRepository(registry, {
    userAgent: "spack-oci/1.2",
    onRequest: ({ method, url, status }) => reported.push(`${method} ${url} ${status}`),
  });
  await repository.push(some, bodyOf(Buffer.from("x")));
  expect(registry.requests.every(({ headers }) => headers["user-agent"] === "spack-oci/1.2")).toBe(true);
  expect(reported.length).toBe(3);
  expect(reported.at(-1)).toMatch(
    /^PUT http:\/\/127\.0\.0\.1:\d+\/v2\/org\/test-\d+\/blobs\/uploads\/[0-9a-f-]+\?\.\.\. 201$/,
  );
});
