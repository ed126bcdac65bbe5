// zstd-napi compresses frames in parallel, and the order of waiting does not change them.

import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { decompress } from "../../src/compression/decompress.js";
import { nativeCompressor, type ZstdBinding } from "../../src/compression/native-zstd.js";
import { chunked, collect } from "../support/bytes.js";

const binding = loadBinding();

function loadBinding(): ZstdBinding | undefined {
  try {
    return createRequire(import.meta.url)("zstd-napi/binding") as ZstdBinding;
  } catch {
    console.log("native-zstd.test.ts: skipped, for zstd-napi is not compiled here");
    return undefined;
  }
}

const plain = (frame: Buffer) => collect(decompress(chunked(frame)));

describe.runIf(binding !== undefined)("nativeCompressor", () => {
  const begin = nativeCompressor(binding as ZstdBinding, 3);
  const texts = [0, 1, 1000, 600_000, 2 ** 21].map((length, number) =>
    Buffer.alloc(length, `text ${number} `),
  );
  const noise = [randomBytes(3), randomBytes(400_000), randomBytes(2 ** 21)];

  it("compresses several blocks at once, in any order of waiting", async () => {
    const blocks = [...texts, ...noise];
    const begun = blocks.map((block) => begin(block));
    const frames = new Map<number, Buffer>();
    for (const number of blocks.keys()) {
      const odd = (number * 3) % blocks.length;
      frames.set(odd, await (begun[odd] as () => Promise<Buffer>)());
    }
    for (const [number, block] of blocks.entries()) {
      expect((await plain(frames.get(number) as Buffer)).equals(block)).toBe(true);
    }
  });

  it("makes the same frame alone and beside others", async () => {
    for (const block of [...texts, ...noise]) {
      const alone = await begin(block)();
      const [beside, other] = [begin(block), begin(randomBytes(700_000))];
      expect((await beside()).equals(alone)).toBe(true);
      await other();
    }
  });

  it("makes the same frames for more blocks than it has threads", async () => {
    const blocks = Array.from({ length: 40 }, () => randomBytes(600_000));
    const begun = blocks.map((block) => begin(block));
    for (const [number, block] of blocks.entries()) {
      const frame = await (begun[number] as () => Promise<Buffer>)();
      expect(frame.equals(await begin(block)())).toBe(true);
    }
  });
});
