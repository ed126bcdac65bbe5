// A copy between two connections, whose memory is read into again: what arrives is what was sent.

import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { copyContent } from "../../src/copy/copy-content.js";
import { RemoteRepository } from "../../src/remote/remote-repository.js";
import { createRegistryClient } from "../../src/transport/client.js";
import { readMemory } from "../../src/transport/read-memory.js";
import { blob } from "../support/registry.js";

/** More than the system keeps for a connection whose other end does not read. */
const content = randomBytes(24_000_000);
const layer = blob(content);
const servers: Server[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

/** A registry that sends the layer and takes uploads, reading each of them by `receive`. */
async function start(receive: (body: Readable) => Promise<unknown> = async () => {}): Promise<string> {
  const server = createServer(async (request, response) => {
    const { method, url = "" } = request;
    if (method === "GET")
      return response.writeHead(200, { "content-length": content.byteLength }).end(content);
    if (method === "HEAD") return response.writeHead(404).end();
    if (method === "POST") return response.writeHead(202, { location: `${url}1` }).end();
    await receive(request);
    return response.writeHead(201).end();
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function repositories(...hosts: readonly string[]) {
  const client = createRegistryClient();
  return {
    client,
    targets: hosts.map((host) => new RemoteRepository({ scheme: "http", host, repository: "a" }, client)),
  };
}

/** The digest of what arrives, read after each of the waits, in milliseconds, and then at once. */
async function digestOf(body: Readable, waits: readonly number[]): Promise<string> {
  const hash = createHash("sha256");
  let chunks = 0;
  for await (const chunk of body) {
    await wait(waits[chunks] ?? 0);
    chunks += 1;
    hash.update(chunk);
  }
  return `sha256:${hash.digest("hex")}`;
}

it("brings the same bytes to hosts that take their time, and to one that does not", async () => {
  const arrived: string[] = [];
  const taking = (...waits: readonly number[]) =>
    start(async (body) => void arrived.push(await digestOf(body, waits)));
  const giveBack = vi.spyOn(readMemory, "giveBack");
  const hosts = [await start(), await taking(300), await taking(0, 500), await taking(), await taking()];
  const { client, targets } = repositories(...hosts);
  const [from, ...to] = targets as [RemoteRepository, ...RemoteRepository[]];
  await Promise.all(to.map((target) => copyContent({ from, to: target }, layer)));
  expect(arrived).toEqual(to.map(() => layer.digest));
  // The test means something only if memory was used again.
  expect(giveBack.mock.calls.length).toBeGreaterThan(40);
  await client.close();
}, 60_000);

it("leaves the memory of what was not sent alone", async () => {
  const { client, targets } = repositories(
    await start(),
    await start(async (body) => {
      await once(body, "data");
      body.destroy();
    }),
  );
  const [from, to] = targets as [RemoteRepository, RemoteRepository];
  const abort = new AbortController();
  const giveBack = vi.spyOn(readMemory, "giveBack");
  setTimeout(() => abort.abort(new Error("enough")), 300);
  await expect(copyContent({ from, to }, layer, { signal: abort.signal })).rejects.toThrow();
  const before = giveBack.mock.calls.length;
  await wait(50);
  expect(giveBack.mock.calls.length).toBe(before);
  await client.close();
});
