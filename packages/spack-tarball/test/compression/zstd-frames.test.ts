// Streams of several frames are read to their end. Inflate serves as a decoder that stops after one frame.

import { createInflate, deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { readFrames } from "../../src/compression/zstd-frames.js";
import { chunked, collect } from "../support/bytes.js";

const plains = [Buffer.from("first"), Buffer.alloc(0), Buffer.alloc(700_000, "second"), Buffer.from("third")];
const frames = Buffer.concat(plains.map((plain) => deflateSync(plain)));

it("uses a decoder that stops after one frame", async () => {
  const decoder = createInflate();
  decoder.end(frames);
  expect(await collect(decoder)).toEqual(plains[0]);
});

it.each([1, 2, 3, 13, 14, 1000, 1 << 20])("reads all frames in chunks of %i bytes", async (size) => {
  const read = await collect(readFrames(chunked(frames, size), createInflate));
  expect(read.equals(Buffer.concat(plains))).toBe(true);
});

it("fails if the last frame is cut off or damaged", async () => {
  for (const missing of [1, 4, 9]) {
    const cut = frames.subarray(0, frames.length - missing);
    await expect(collect(readFrames(chunked(cut, 100), createInflate))).rejects.toThrow();
  }
  const damaged = Buffer.concat([frames, Buffer.from("garbage")]);
  await expect(collect(readFrames(chunked(damaged, 100), createInflate))).rejects.toThrow();
});

it("passes on a failure of the source", async () => {
  const failure = new Error("the connection was cut");
  await expect(collect(readFrames(chunked(frames, 100, failure), createInflate))).rejects.toBe(failure);
});
