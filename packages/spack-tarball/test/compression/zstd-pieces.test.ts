// Zstd streams are cut so that no piece expands to much, and are not changed by it.

import { Decompress } from "fzstd";
import { describe, expect, it } from "vitest";
import { decompress } from "../../src/compression/decompress.js";
import { zstdPieces } from "../../src/compression/zstd-pieces.js";
import { chunked, collect } from "../support/bytes.js";

const MEGABYTE = 1024 * 1024;
const BLOCK = 128 * 1024;

/** A frame of blocks that repeat one byte: 32 KiB become 1 GiB. */
function bomb(blocks: number, windowDescriptor = 0x58): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, windowDescriptor]);
  const body = Buffer.alloc(4 * blocks);
  for (let index = 0; index < blocks; index += 1) {
    body.writeUIntLE((BLOCK << 3) | (1 << 1) | (index === blocks - 1 ? 1 : 0), 4 * index, 3);
  }
  return Buffer.concat([header, body]);
}

/** Output of `zstd -19` for 20000 bytes of "spack-oci zstd sample\n" repeated, with its checksum. */
const SAMPLE = Buffer.from("KLUv/QRo9QAAsHNwYWNrLW9jaSB6c3RkIHNhbXBsZQoBAA6c3GcTDZYMew==", "base64");
const SKIPPABLE = Buffer.from("502a4d18040000006e6f7065", "hex");

describe("zstdPieces", () => {
  it.each([1, 5, 1000, 100_000])("passes on every byte of chunks of %i", async (size) => {
    const stream = Buffer.concat([SAMPLE, SKIPPABLE, bomb(300), SAMPLE, Buffer.from("not zstd at all")]);
    expect((await collect(zstdPieces(chunked(stream, size)))).equals(stream)).toBe(true);
    const cut = stream.subarray(0, 60);
    expect((await collect(zstdPieces(chunked(cut, size)))).equals(cut)).toBe(true);
  });

  it("lets a decoder in JavaScript hold no more than 8 MiB of output", async () => {
    let held = 0;
    let most = 0;
    let total = 0;
    const decoder = new Decompress((chunk) => {
      held += chunk.length;
    });
    for await (const piece of zstdPieces(chunked(bomb(1024), MEGABYTE))) {
      decoder.push(new Uint8Array(piece));
      most = Math.max(most, held);
      total += held;
      held = 0;
    }
    expect(total).toBe(1024 * BLOCK);
    expect(most).toBeLessThanOrEqual(8 * MEGABYTE + BLOCK);
  });

  it.each([
    ["a window", bomb(1, 0x90)],
    ["a single segment", Buffer.from("28b52ffd a0 00000010 000000 00".replaceAll(" ", ""), "hex")],
  ])("refuses a frame with %s of 256 MiB", async (_what, frame) => {
    await expect(collect(zstdPieces(chunked(frame)))).rejects.toThrow("more than 128 MiB");
  });

  it("accepts a window of 128 MiB", async () => {
    expect((await collect(zstdPieces(chunked(bomb(1, 0x88))))).length).toBe(10);
  });
});

it("decompresses a chunk that becomes 1 GiB in constant memory", async () => {
  const before = process.memoryUsage().rss;
  let peak = 0;
  let total = 0;
  for await (const chunk of decompress(chunked(bomb(8192), MEGABYTE))) {
    total += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss() - before);
  }
  expect(total).toBe(8192 * BLOCK);
  expect(peak).toBeLessThan(300 * MEGABYTE);
});
