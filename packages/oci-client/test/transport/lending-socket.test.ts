// Answers come whole through memory that is read into again and again, however servers cut them.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { isLent } from "../../src/http/lent-memory.js";
import { createRegistryClient } from "../../src/transport/client.js";

const content = randomBytes(3_000_001);

/** The content of an answer that a server sends in the given pieces, as a reader sees it who takes its time. */
async function receive(pieces: readonly (string | Buffer)[]) {
  const server = createServer((socket) => {
    socket.once("data", () => sendOneByOne(socket, pieces)).on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const client = createRegistryClient();
  const response = await client.send({
    method: "GET",
    url,
    content: true,
    repository: "a",
    scopes: [],
    place: "a",
  });
  const { stream } = response;
  if (stream === undefined) throw new Error("the answer has no content");
  const seen: Buffer[] = [];
  const lent: number[] = [];
  stream.lend();
  stream.on("data", async (chunk: Buffer) => {
    const place = seen.push(Buffer.alloc(0)) - 1;
    if (isLent(chunk)) lent.push(chunk.byteLength);
    stream.pause();
    for (let turns = place % 4; turns >= 0; turns -= 1) await turn();
    seen[place] = Buffer.from(chunk);
    stream.resume();
  });
  await once(stream, "end");
  await client.close();
  server.close();
  return { headers: response.headers, body: Buffer.concat(seen), lent };
}

async function sendOneByOne(socket: Socket, pieces: readonly (string | Buffer)[]): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise((sent) => socket.write(piece, sent));
    await turn();
  }
  socket.end();
}

/** Cuts bytes into pieces of these sizes, in turn. */
function* cut(bytes: Buffer, sizes: readonly number[]) {
  let start = 0;
  for (let number = 0; start < bytes.byteLength; number += 1) {
    const size = sizes[number % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

it("reads long pieces without copying them", async () => {
  const { body, lent } = await receive([
    `HTTP/1.1 200 OK\r\ncontent-length: ${content.byteLength}\r\n\r\n`,
    content,
  ]);
  expect(body.equals(content)).toBe(true);
  expect(Math.max(...lent)).toBeGreaterThan(64 * 1024);
});

it("keeps a head that comes in parts", async () => {
  const head = `HTTP/1.1 200 OK\r\nx-one: ${"1".repeat(3000)}\r\nx-two: ${"2".repeat(3000)}\r\n`;
  const { headers, body } = await receive([
    ...cut(Buffer.from(`${head}content-length: ${content.byteLength}\r\n\r\n`), [700]),
    content,
  ]);
  expect(headers).toMatchObject({ "x-one": "1".repeat(3000), "x-two": "2".repeat(3000) });
  expect(body.equals(content)).toBe(true);
});

it("finds the parts of a body in chunks", async () => {
  const chunks = [...cut(content, [1, 20_000, 70_000, 300_000, 5])].flatMap((chunk) => [
    `${chunk.byteLength.toString(16)}\r\n`,
    chunk,
    "\r\n",
  ]);
  const all = Buffer.concat([...chunks, "0\r\n\r\n"].map((piece) => Buffer.from(piece)));
  const { body } = await receive([
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    ...cut(all, [100_000]),
  ]);
  expect(body.equals(content)).toBe(true);
});

it("takes all bytes that precede the end of a connection", async () => {
  const { body } = await receive(["HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", content]);
  expect(body.equals(content)).toBe(true);
});
