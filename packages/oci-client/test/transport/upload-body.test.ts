// A body tells the errors of its source from those of the connection that it goes out on.

import { once } from "node:events";
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { ContentStream } from "../../src/http/content-stream.js";
import { readMemory } from "../../src/transport/read-memory.js";
import { openUploadBody } from "../../src/transport/upload-body.js";

/** A body on its way out, whose source gives nothing yet. */
async function openBody() {
  const source = new Readable({ read: () => {} });
  const { content, sourceError } = openUploadBody({ open: () => source, size: undefined }, 60_000, () => {});
  const stream = (content as Readable).resume();
  await new Promise((resolve) => setImmediate(resolve));
  return { source, stream, sourceError };
}

it("does not blame the source for the error that destroyed the body", async () => {
  const { source, stream, sourceError } = await openBody();
  const closed = new Promise((resolve) => source.once("close", resolve));
  stream.on("error", () => {}).destroy(new Error("the connection broke"));
  await closed;
  expect(source.errored?.message).toBe("the connection broke");
  expect(sourceError()).toBeUndefined();
});

it("keeps the error of the source itself", async () => {
  const { source, stream, sourceError } = await openBody();
  const failed = once(stream, "error");
  const failure = new Error("the file is gone");
  source.destroy(failure);
  expect(await failed).toEqual([failure]);
  expect(sourceError()).toBe(failure);
});

/** A download that gives what it is told to. */
class Download extends ContentStream {
  override _read(): void {}

  give(chunk: Buffer | null): void {
    this.push(chunk);
  }
}

it("gives the memory of a download back once the connection has sent it", async () => {
  const source = new Download();
  const { content } = openUploadBody({ open: () => source, size: undefined }, 60_000, () => {});
  const stream = content as Readable;
  const taken: Buffer[] = [];
  const returned: Uint8Array[] = [];
  const giveBack = vi.spyOn(readMemory, "giveBack").mockImplementation((chunk) => void returned.push(chunk));
  // A connection that is busy after each chunk.
  stream.on("data", (chunk: Buffer) => {
    taken.push(chunk);
    stream.pause();
  });
  await turn();
  const chunks = ["one", "two", "three"].map((text) => Buffer.from(text));
  for (const chunk of chunks) source.give(chunk);
  for (let sent = 0; sent < chunks.length; sent += 1) {
    await turn();
    expect(taken).toEqual(chunks.slice(0, sent + 1));
    expect(returned).toEqual(chunks.slice(0, sent));
    stream.resume();
  }
  stream.destroy();
  await turn();
  expect(returned).toEqual(chunks);
  giveBack.mockRestore();
});
