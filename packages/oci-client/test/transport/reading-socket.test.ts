// Answers come whole through memory of ours, however servers cut them, and however long readers take.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { createRegistryClient } from "../../src/transport/client.js";

const content = randomBytes(3_000_001);
const LENGTH = `content-length: ${content.byteLength}\r\n\r\n`;

afterEach(() => {
  vi.restoreAllMocks();
});

/** The answer of a server that sends the given pieces one by one, read by `read`. */
async function receive(
  pieces: readonly (string | Buffer)[],
  read: (stream: Readable, socket: Socket) => Promise<Buffer>,
) {
  let connection: Socket | undefined;
  const server = createServer((socket) => {
    connection = socket;
    socket.once("data", () => sendOneByOne(socket, pieces)).on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const client = createRegistryClient();
  const request = { repository: "a", scopes: [], place: "a" };
  try {
    const { headers, stream } = await client.send({ method: "GET", url, content: "streamed", ...request });
    if (stream === undefined || connection === undefined) throw new Error("the answer has no content");
    return { headers, body: await read(stream, connection) };
  } finally {
    await client.close();
    server.close();
  }
}

async function sendOneByOne(socket: Socket, pieces: readonly (string | Buffer)[]): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise((sent) => socket.write(piece, sent));
    await turn();
  }
  if (!socket.destroyed) socket.end();
}

/** Keeps all chunks until the end. */
async function keep(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Pauses after each chunk. */
async function pauseOften(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on("data", async (chunk: Buffer) => {
    chunks.push(chunk);
    stream.pause();
    for (let turns = chunks.length % 4; turns >= 0; turns -= 1) await turn();
    stream.resume();
  });
  await once(stream, "end");
  return Buffer.concat(chunks);
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

const chunks = [...cut(content, [1, 20_000, 70_000, 300_000, 5])].flatMap((chunk) => [
  `${chunk.byteLength.toString(16)}\r\n`,
  chunk,
  "\r\n",
]);
const inChunks = Buffer.concat([...chunks, "0\r\n\r\n"].map((piece) => Buffer.from(piece)));

const answers: readonly (readonly [string, readonly (string | Buffer)[]])[] = [
  ["a head and one long piece", [`HTTP/1.1 200 OK\r\n${LENGTH}`, content]],
  ["head and content at once", [Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${LENGTH}`), content])]],
  [
    "chunks",
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", ...cut(inChunks, [100_000, 1, 17_000])],
  ],
  ["content up to the end of the connection", ["HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", content]],
];

it.each(answers)("reads %s", async (_, pieces) => {
  for (const read of [keep, pauseOften]) {
    const { body } = await receive(pieces, read);
    expect(body.equals(content)).toBe(true);
  }
});

it("keeps a head that comes in parts", async () => {
  const head = `HTTP/1.1 200 OK\r\nx-one: ${"1".repeat(3000)}\r\nx-two: ${"2".repeat(3000)}\r\n${LENGTH}`;
  const { headers, body } = await receive([...cut(Buffer.from(head), [700]), content], keep);
  expect(headers).toMatchObject({ "x-one": "1".repeat(3000), "x-two": "2".repeat(3000) });
  expect(body.equals(content)).toBe(true);
});

it("reports that a connection was reset while its reader paused", async () => {
  const head = "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
  const broken = receive([head, "5\r\nbegin\r\n"], async (stream, socket) => {
    stream.once("data", () => {
      stream.pause();
      socket.resetAndDestroy();
    });
    const [error] = await once(stream, "error");
    throw error;
  });
  await expect(broken).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
});

/** Readers that stop for a while; what they wait for must not be done over and over meanwhile. */
const idlers: readonly (readonly [string, (stream: Readable) => Promise<unknown>])[] = [
  ["has not begun", () => wait(100)],
  ["paused at once", (stream) => wait(100, stream.pause())],
  [
    "paused after a chunk",
    async (stream) => {
      stream.once("data", () => stream.pause());
      await wait(100);
    },
  ],
  [
    "takes chunks one by one, and stopped",
    async (stream) => {
      await once(stream, "readable");
      stream.read(1);
      await wait(100);
    },
  ],
];

it.each(idlers)("does nothing while its reader %s", async (_, idle) => {
  const { nextTick } = process;
  let ticks = 0;
  vi.spyOn(process, "nextTick").mockImplementation((...args) => {
    ticks += 1;
    if (ticks > 5000) throw new Error("the reader and the connection wake each other up");
    nextTick(...args);
  });
  await receive([`HTTP/1.1 200 OK\r\n${LENGTH}`, content], async (stream) => {
    await idle(stream);
    stream.destroy();
    return content;
  });
  expect(ticks).toBeGreaterThan(0);
});
