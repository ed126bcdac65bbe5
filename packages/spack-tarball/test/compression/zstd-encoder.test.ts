// zstd layers of any size can be read by this project and by others.

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decompress } from "../../src/compression/decompress.js";
import { zstdInBlocks } from "../../src/compression/zstd-encoder.js";
import { chunked, collect } from "../support/bytes.js";
import { available, run } from "../support/tools.js";

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const FRAME_SIZE = 2 * 1024 * 1024;

const encode = (plain: Buffer, size?: number) => collect(zstdInBlocks(chunked(plain, size)));
const isWritten = canWrite();
const large = Buffer.concat([Buffer.alloc(5_000_000, "text "), randomBytes(5_000_000)]);

function canWrite(): boolean {
  try {
    zstdInBlocks(chunked(Buffer.alloc(0)));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "ERR_ZSTD_UNAVAILABLE", kind: "unsupported" });
    console.log("zstd-encoder.test.ts: skipped, because neither Node's zlib nor zstd-napi can write zstd");
    return false;
  }
}

describe.runIf(isWritten)("zstdInBlocks", () => {
  it.each([0, 1, 1000, FRAME_SIZE - 1, FRAME_SIZE, FRAME_SIZE + 1])(
    "writes %i bytes that can be read back",
    async (length) => {
      const plain = large.subarray(large.length - length);
      const encoded = await encode(plain, 100_000);
      expect(encoded.subarray(0, 4)).toEqual(MAGIC);
      expect((await collect(decompress(chunked(encoded)))).equals(plain)).toBe(true);
    },
  );

  it("writes the same bytes for any chunks, and fewer than it reads", async () => {
    const [one, other] = [await encode(large, 64 * 1024), await encode(large, 3_333_333)];
    expect(one.equals(other)).toBe(true);
    expect(one.length).toBeLessThan(5_010_000);
    expect((await collect(decompress(chunked(one, 50_000)))).equals(large)).toBe(true);
  });

  it("passes on a failure of the stream", async () => {
    const failure = new Error("the file changed");
    await expect(collect(zstdInBlocks(chunked(large, 100_000, failure)))).rejects.toBe(failure);
  });

  it.runIf(available("zstd"))("can be read by the zstd tool", async () => {
    expect(run("zstd", ["-d", "-c"], await encode(large)).equals(large)).toBe(true);
  });
});
