// Blocks that are compressed in parallel make gzip members with deterministic bytes.

import { spawnSync } from "node:child_process";
import { Readable } from "node:stream";
import { gunzipSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCK_SIZE, gzipAtOnce, gzipInBlocks } from "../../src/compression/block-gzip.js";
import {
  contentLengthOf,
  HEADER_LENGTH,
  lengthOfMember,
  TRAILER_LENGTH,
} from "../../src/compression/sized-members.js";
import { ENTRY_POINT } from "../../src/tar/archive-chunks.js";
import { chunked } from "../support/bytes.js";

async function compress(plain: Buffer, chunkSize: number, ahead: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of gzipInBlocks(chunked(plain, chunkSize), ahead)) parts.push(part);
  return Buffer.concat(parts);
}

/** Text that repeats itself over any distance, so that blocks can refer to previous ones. */
function compressible(length: number): Buffer {
  const lines = Array.from({ length: 997 }, (_, index) => `line ${index} of ${index * index}\n`).join("");
  return Buffer.alloc(length, lines);
}

describe("gzipInBlocks", () => {
  it.each([0, 1, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 3 * BLOCK_SIZE, 5 * BLOCK_SIZE + 7])(
    "writes %i bytes that gunzip and gzip can read",
    async (length) => {
      const plain = compressible(length);
      const compressed = await compress(plain, 70_000, 3);
      expect(gunzipSync(compressed).equals(plain)).toBe(true);
      const judge = spawnSync("gzip", ["-dc"], { input: compressed, maxBuffer: 2 ** 26 });
      expect(judge.stderr.toString()).toBe("");
      expect(judge.stdout.equals(plain)).toBe(true);
    },
  );

  it("writes the same bytes for any chunks and any number of threads", async () => {
    const plain = compressible(2 * BLOCK_SIZE + 12_345);
    const expected = await compress(plain, BLOCK_SIZE, 1);
    const cut = fc.integer({ min: 1000, max: 2 * BLOCK_SIZE });
    await fc.assert(
      fc.asyncProperty(cut, fc.integer({ min: 1, max: 9 }), async (chunkSize, ahead) => {
        expect((await compress(plain, chunkSize, ahead)).equals(expected)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("writes members that say how long they are, and that inflate by themselves", async () => {
    const plain = compressible(2 * BLOCK_SIZE + 100_000);
    let rest = await compress(plain, 70_000, 3);
    const contents: Buffer[] = [];
    for (let length = lengthOfMember(rest); length !== undefined; length = lengthOfMember(rest)) {
      contents.push(inflateRawSync(rest.subarray(HEADER_LENGTH, length - TRAILER_LENGTH)));
      expect(contentLengthOf(rest.subarray(0, length))).toBe(contents.at(-1)?.length);
      rest = rest.subarray(length);
    }
    expect(rest.length).toBe(0);
    expect(contents.map(({ length }) => length)).toEqual([BLOCK_SIZE, BLOCK_SIZE, 100_000]);
    expect(Buffer.concat(contents).equals(plain)).toBe(true);
  });

  it("begins a member at an entry point, of which two are one", async () => {
    const plain = compressible(BLOCK_SIZE + 100_000);
    const source = [plain, ENTRY_POINT, plain, ENTRY_POINT, ENTRY_POINT, plain.subarray(0, 1000)];
    const compressed: Buffer[] = [];
    for await (const part of gzipInBlocks(Readable.from(source), 3)) compressed.push(part);
    expect(gunzipSync(Buffer.concat(compressed)).equals(Buffer.concat(source))).toBe(true);
    expect(compressed.map(contentLengthOf)).toEqual([BLOCK_SIZE, 100_000, BLOCK_SIZE, 100_000, 1000]);
    expect((await gzipAtOnce(source)).map(contentLengthOf)).toEqual(compressed.map(contentLengthOf));
  });

  it("writes the same members of an archive in memory", async () => {
    const plain = compressible(BLOCK_SIZE + 7);
    expect(Buffer.concat(await gzipAtOnce([plain])).equals(await compress(plain, 1000, 2))).toBe(true);
    expect(Buffer.concat(await gzipAtOnce([])).equals(await compress(Buffer.alloc(0), 1000, 2))).toBe(true);
  });

  it("does not work on more blocks at once than allowed", async () => {
    let read = 0;
    async function* source() {
      for (; read < 20; read += 1) yield Buffer.alloc(BLOCK_SIZE, "x");
    }
    const output = gzipInBlocks(source(), 2);
    await output.next();
    await output.next();
    expect(read).toBeLessThanOrEqual(4);
    await output.return();
    expect(read).toBeLessThan(20);
  });

  it("passes on an error of the source", async () => {
    const failure = new Error("the file changed");
    const output = gzipInBlocks(chunked(Buffer.alloc(3 * BLOCK_SIZE), 100_000, failure), 4);
    await expect(async () => {
      for await (const part of output) expect(part.length).toBeGreaterThan(0);
    }).rejects.toBe(failure);
  });
});
