// The benchmark's slow link is as slow as promised, and does not change the data.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Link, startLink } from "../support/start-link.js";

const ROUND_TRIP = 30;
const MEGABITS = 100;
let server: Server;
let link: Link;

beforeAll(async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  link = await startLink((server.address() as AddressInfo).port, {
    roundTrip: ROUND_TRIP,
    megabits: MEGABITS,
  });
});
afterAll(async () => {
  await link.stop();
  server.close();
});

/** Sends bytes to the server, which echoes them. @returns the received bytes, and the time in milliseconds */
async function exchange(bytes: Buffer): Promise<{ received: Buffer; milliseconds: number }> {
  const began = performance.now();
  const socket = connect({ port: Number(link.host.split(":")[1]), host: "127.0.0.1", allowHalfOpen: true });
  socket.end(bytes);
  return { received: await buffer(socket), milliseconds: performance.now() - began };
}

it("transmits everything, in both directions", async () => {
  const bytes = randomBytes(3_000_000);
  const { received } = await exchange(bytes);
  expect(received.equals(bytes)).toBe(true);
});

it("takes one round trip to connect and one for an answer", async () => {
  const { milliseconds } = await exchange(Buffer.from("a"));
  expect(milliseconds).toBeGreaterThan(2 * ROUND_TRIP - 1);
});

it("limits the total rate of all connections", async () => {
  const size = 500_000;
  const began = performance.now();
  await Promise.all(Array.from({ length: 4 }, () => exchange(randomBytes(size))));
  const seconds = (performance.now() - began) / 1000;
  expect(seconds).toBeGreaterThan((4 * size * 8) / (MEGABITS * 1e6));
});

it("closes a connection whose other end does not listen", async () => {
  const nowhere = createServer().listen(0, "127.0.0.1");
  await once(nowhere, "listening");
  const { port } = nowhere.address() as AddressInfo;
  await new Promise((resolve) => nowhere.close(resolve));
  const dead = await startLink(port, { roundTrip: 1, megabits: 100 });
  const socket = connect(Number(dead.host.split(":")[1]), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "close");
  await dead.stop();
  expect(socket.bytesRead).toBe(0);
});
