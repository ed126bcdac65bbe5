// Odd replies, scripted word by word: what the transport does with them before anything else sees them.

import nock from "nock";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HttpRequest } from "../../src/http/http.js";
import { undiciTransport } from "../../src/transport/undici-transport.js";
import { NodeHttpDispatcher } from "../support/node-http-dispatcher.js";

const origin = "http://registry.test:5000";
const send = undiciTransport({
  dispatcherFor: async () => new NodeHttpDispatcher(),
  timeouts: { connect: 1000, headers: 1000, stall: 1000 },
  userAgent: "spack-oci-test",
});
const ask = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url: `${origin}${path}`,
  repository: "a/b",
  scopes: [],
  place: "registry.test:5000/a/b",
  ...more,
});

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
});

test("a request names its sender, and asks for uncompressed answers", async () => {
  nock(origin, { reqheaders: { "user-agent": "spack-oci-test", "accept-encoding": "identity" } })
    .get("/v2/")
    .reply(200, "{}");
  expect(await send(ask("/v2/"))).toMatchObject({ status: 200, body: Buffer.from("{}") });
});

test("returns a 401 as it is, with all of its challenges", async () => {
  const challenges = ['Basic realm="x"', 'Bearer realm="https://token.test/",service="s"'];
  nock(origin).get("/v2/").reply(401, "", { "www-authenticate": challenges });
  const { status, headers } = await send(ask("/v2/"));
  expect(status).toBe(401);
  expect([headers["www-authenticate"]].flat()).toEqual(challenges);
});

test("does not follow a redirect", async () => {
  nock(origin).get("/v2/a/b/blobs/x").reply(307, "", { location: "http://storage.test/x" });
  const { status, headers } = await send(ask("/v2/a/b/blobs/x"));
  expect({ status, location: headers["location"] }).toEqual({
    status: 307,
    location: "http://storage.test/x",
  });
});

test("sends the body of a PUT, and leaves the judgment of a 204 instead of 201 to others", async () => {
  const body = Buffer.from("manifest");
  nock(origin).put("/v2/a/b/manifests/t", "manifest").reply(204);
  const { Readable } = await import("node:stream");
  const open = () => Readable.from([body], { objectMode: false });
  const response = await send(
    ask("/v2/a/b/manifests/t", { method: "PUT", body: { size: body.length, open } }),
  );
  expect(response.status).toBe(204);
});

test("a broken connection names the host and is unreachable", async () => {
  nock(origin)
    .get("/v2/")
    .replyWithError(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  await expect(send(ask("/v2/"))).rejects.toMatchObject({
    kind: "unreachable",
    place: expect.stringContaining("registry.test:5000"),
  });
});
