// A blob is sent while it is made; where that does not work, nothing is lost but the attempt.
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { answer } from "../../../../tests/support/test-registry/answer.js";
import type { Fault } from "../../../../tests/support/test-registry/faults.js";
import type { Descriptor } from "../../src/content/descriptor.js";
import { bodyOf, fetchBytes } from "../../src/target/bytes.js";
import type { Target } from "../../src/target/target.js";
import { blob, freshRepository, useRegistry } from "../support/registry.js";

const context = useRegistry();
const bytes = randomBytes(300_000);
const whole = Promise.resolve(blob(bytes));
const uploads = /blobs\/uploads\//;

const has = async (target: Target) =>
  (await fetchBytes(target, blob(bytes), { limit: bytes.length })).equals(bytes);
const methods = () => context.registry.requests.map(({ method }) => method);

/** A promise that something else keeps. */
function gate<T>() {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

test("the upload is open before the blob has an end, and asks for nothing first", async () => {
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

const refusals: [string, Fault][] = [
  ["no session", { method: "POST", status: 403 }],
  ["a session without an address", { method: "POST", headers: { location: "" } }],
  ["chunks of 4 MiB at most", { method: "PATCH", status: 416 }],
  ["no PATCH", { method: "PATCH", status: 405 }],
  ["an error of its own", { method: "PATCH", status: 500 }],
  ["no more than the beginning", { method: "PATCH", headers: { range: "0-99999" } }],
  ["a broken connection", { method: "PATCH", cutRequestAfter: 70_000 }],
  ["a lost answer", { method: "PATCH", loseAnswer: true }],
  ["a digest that is refused", { method: "PUT", path: uploads, status: 400 }],
  [
    "another blob",
    { method: "PUT", path: uploads, headers: { "docker-content-digest": blob(Buffer.from("x")).digest } },
  ],
];

test.each(refusals)("%s: it is said so, tried no second time, and pushed as ever", async (_, fault) => {
  const { registry } = context;
  const repository = freshRepository(registry);
  const struck = registry.fault(fault);
  let sent = 0;
  const onBytes = (count: number) => {
    sent += count;
  };
  expect(await repository.streamBlob(bodyOf(bytes), whole, { onBytes })).toBe(false);
  expect(struck.hits).toBe(1);
  const asked = registry.requests.length;
  expect(await repository.streamBlob(bodyOf(bytes), whole)).toBe(false);
  expect(registry.requests.length).toBe(asked);
  const outcome = await repository.push(blob(bytes), bodyOf(bytes), { onBytes });
  expect(await has(repository)).toBe(true);
  expect(sent).toBe(outcome === "uploaded" ? bytes.length : 0);
});

test.each([{ chunkedUploads: true }, { largestBlob: 2 ** 40 }])(
  "a host with %o is not tried",
  async (settings) => {
    const repository = freshRepository(context.registry, { hosts: () => settings });
    expect(await repository.streamBlob(bodyOf(bytes), whole)).toBe(false);
    expect(context.registry.requests).toEqual([]);
  },
);

test("a redirect gets it from its beginning", async () => {
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

test("what goes wrong while it is made is passed on, and says nothing of the registry", async () => {
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

test("the signal ends it in the middle", async () => {
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
