// A blob is sent while it is being made; if that does not work, only the attempt is lost.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import { expect, test } from "vitest";
import { answer } from "../../../../../tests/support/test-registry/answer.js";
import type { Fault } from "../../../../../tests/support/test-registry/faults.js";
import type { Descriptor } from "../../../src/content/descriptor.js";
import { bodyOf, fetchBytes } from "../../../src/storage/bytes.js";
import type { Target } from "../../../src/storage/target.js";
import { blob, freshRepository, useRegistry } from "../../support/registry.js";

const context = useRegistry();
const bytes = randomBytes(300_000);
const whole = Promise.resolve(blob(bytes));
const uploads = /blobs\/uploads\//;

const has = async (target: Target) =>
  (await fetchBytes(target, blob(bytes), { limit: bytes.length })).equals(bytes);
const methods = () => context.registry.requests.map(({ method }) => method);

/** A promise that is settled from outside. */
function gate<T>() {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

test("opens the upload before the blob has an end, and asks nothing first", async () => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const descriptor = gate<Descriptor>();
  async function* made() {
    yield bytes.subarray(0, 100_000);
    await expect.poll(() => methods()).toEqual(["POST"]);
    yield bytes.subarray(100_000);
    setTimeout(() => descriptor.open(blob(bytes)), 20);
  }
  let sent = 0;
  const onBytes = (count: number) => {
    sent += count;
  };
  const body = () => Readable.from(made(), { objectMode: false });
  expect(await repository.streamBlob(body, descriptor.promise, { onBytes })).toBe(true);
  expect(methods()).toEqual(["POST", "PATCH", "PUT"]);
  const { headers = {} } = registry.requests[1] ?? {};
  expect(headers).toMatchObject({ "transfer-encoding": "chunked" });
  expect(headers).not.toHaveProperty("content-range");
  expect(headers).not.toHaveProperty("content-length");
  expect([sent, await has(repository)]).toEqual([bytes.length, true]);
});

/** The fault, and how often the client tolerates it. */
const refusals: [string, Fault, number][] = [
  ["no session", { method: "POST", status: 403 }, 1],
  ["a session without an address", { method: "POST", headers: { location: "" } }, 1],
  ["chunks of 4 MiB at most", { method: "PATCH", status: 416 }, 1],
  ["no PATCH", { method: "PATCH", status: 405 }, 1],
  ["an error of its own", { method: "PATCH", status: 500 }, 2],
  ["too many requests", { method: "PATCH", status: 429 }, 2],
  ["no more than the beginning", { method: "PATCH", headers: { range: "0-99999" } }, 1],
  ["a broken connection", { method: "PATCH", cutRequestAfter: 70_000 }, 2],
  ["a lost answer", { method: "PATCH", loseAnswer: true }, 2],
  ["a digest that is refused", { method: "PUT", path: uploads, status: 400 }, 1],
  [
    "another blob",
    { method: "PUT", path: uploads, headers: { "docker-content-digest": blob(Buffer.from("x")).digest } },
    1,
  ],
];

test.each(refusals)(
  "%s: it reports the failure, does not try forever, and pushes regularly",
  async (_, fault, borne) => {
    const { registry } = context;
    const repository = freshRepository(registry);
    const struck = registry.fault({ ...fault, times: borne });
    let sent = 0;
    const onBytes = (count: number) => {
      sent += count;
    };
    for (let attempt = 1; attempt <= borne; attempt += 1) {
      expect(await repository.streamBlob(bodyOf(bytes), whole, { onBytes })).toBe(false);
      expect(struck.hits).toBe(attempt);
    }
    const asked = registry.requests.length;
    expect(await repository.streamBlob(bodyOf(bytes), whole)).toBe(false);
    expect(registry.requests.length).toBe(asked);
    const outcome = await repository.push(blob(bytes), bodyOf(bytes), { onBytes });
    expect(await has(repository)).toBe(true);
    expect(sent).toBe(outcome === "uploaded" ? bytes.length : 0);
  },
);

test.each([{ chunkedUploads: true }, { largestBlob: 2 ** 40 }])(
  "does not try a host with %o",
  async (settings) => {
    const repository = freshRepository(context.registry, { hosts: () => settings });
    expect(await repository.streamBlob(bodyOf(bytes), whole)).toBe(false);
    expect(context.registry.requests).toEqual([]);
  },
);

test("a redirect receives the blob from its beginning", async () => {
  const { registry } = context;
  registry.fault({ method: "PATCH", status: 307, headers: { location: "/elsewhere" } });
  let received: Buffer | undefined;
  registry.routes.set("/elsewhere", ({ body }) => {
    received = body;
    return answer(507);
  });
  expect(await freshRepository(registry).streamBlob(bodyOf(bytes), whole)).toBe(false);
  expect(received?.equals(bytes)).toBe(true);
});

test("passes on failures of making the blob, and does not blame the registry", async () => {
  const repository = freshRepository(context.registry);
  const failure = new Error("the disk is gone");
  async function* failing() {
    yield bytes.subarray(0, 1000);
    throw failure;
  }
  const body = () => Readable.from(failing(), { objectMode: false });
  await expect(repository.streamBlob(body, whole)).rejects.toBe(failure);
  expect(await repository.streamBlob(bodyOf(bytes), whole)).toBe(true);
});

/** A registry that prepares its answer to a PATCH before reading it. */
async function hastyRegistry() {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(202, { location: "/v2/a/b/blobs/uploads/1", "content-length": "0" }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const repository = freshRepository({ location: () => `oci+http://127.0.0.1:${port}/a/b` } as never);
  return { repository, close: () => server.close() };
}

test("an early answer hides neither the signal nor the failure that ends the blob", async () => {
  const { repository, close } = await hastyRegistry();
  const controller = new AbortController();
  const { signal } = controller;
  const [never, broken] = [gate<Descriptor>(), gate<Descriptor>()];
  const stopped = repository.streamBlob(bodyOf(bytes), never.promise, { signal });
  const failed = repository.streamBlob(bodyOf(bytes), broken.promise);
  setTimeout(() => {
    controller.abort(new Error("enough"));
    broken.open(Promise.reject(new Error("the disk is gone")) as never);
  }, 200);
  await expect(stopped).rejects.toThrow("enough");
  await expect(failed).rejects.toThrow("the disk is gone");
  close();
});

test("throws a signal's reason, even one that a registry might have given", async () => {
  const repository = freshRepository(context.registry);
  const reason = new SpackOciError("ERR_OCI_DENIED", "no", { kind: "denied" });
  const sending = repository.streamBlob(bodyOf(bytes), whole, { signal: AbortSignal.abort(reason) });
  await expect(sending).rejects.toBe(reason);
  expect(await repository.streamBlob(bodyOf(bytes), whole)).toBe(true);
});

test("counts bytes that are sent again once", async () => {
  const { registry } = context;
  registry.fault({ method: "PATCH", status: 307, headers: { location: "/elsewhere" } });
  registry.routes.set("/elsewhere", () => answer(202, { location: "/elsewhere" }));
  registry.fault({ method: "PUT", status: 201 });
  let sent = 0;
  const onBytes = (count: number) => {
    sent += count;
  };
  expect(await freshRepository(registry).streamBlob(bodyOf(bytes), whole, { onBytes })).toBe(true);
  expect(sent).toBe(bytes.length);
});

test("the signal ends it midway", async () => {
  const repository = freshRepository(context.registry);
  const controller = new AbortController();
  async function* endless() {
    yield bytes;
    controller.abort(new Error("enough"));
    await new Promise(() => {});
  }
  const body = () => Readable.from(endless(), { objectMode: false });
  const sending = repository.streamBlob(body, new Promise(() => {}), { signal: controller.signal });
  await expect(sending).rejects.toThrow("enough");
  expect(await repository.streamBlob(bodyOf(bytes), whole)).toBe(true);
});
