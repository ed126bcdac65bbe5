// Every compression is read, and every failure has the right kind.

import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompress } from "../../src/compression/decompress.js";
import { chunked, collect } from "../support/bytes.js";
import { available, run } from "../support/tools.js";

const PLAIN = Buffer.concat([Buffer.from("text ".repeat(20_000)), randomBytes(150_000)]);
const opened = (compressed: Buffer, size?: number, failure?: Error) =>
  collect(decompress(chunked(compressed, size, failure)));
const unreadable = expect.objectContaining({ code: "ERR_LAYER_UNREADABLE", kind: "corrupt" });

/** Output of `zstd -19` for 20000 bytes of "spack-oci zstd sample\n" repeated, with its checksum. */
const ZSTD_SAMPLE = Buffer.from("KLUv/QRo9QAAsHNwYWNrLW9jaSB6c3RkIHNhbXBsZQoBAA6c3GcTDZYMew==", "base64");
const ZSTD_PLAIN = Buffer.from("spack-oci zstd sample\n".repeat(910).slice(0, 20_000));

describe("decompress: gzip", () => {
  it.each([1, 2, 3, 9, 10, 4096, 1 << 20])("in chunks of %i bytes", async (size) => {
    const plain = size < 100 ? PLAIN.subarray(0, 2000) : PLAIN;
    expect((await opened(gzipSync(plain), size)).equals(plain)).toBe(true);
  });

  it("of several members, one of them empty", async () => {
    const parts = [PLAIN.subarray(0, 1000), Buffer.alloc(0), PLAIN.subarray(1000)];
    const members = Buffer.concat(parts.map((part) => gzipSync(part)));
    for (const size of [7, 4096]) expect((await opened(members, size)).equals(PLAIN)).toBe(true);
  });

  it("with trailing zeros, as in tape records", async () => {
    const padded = Buffer.concat([gzipSync(PLAIN), Buffer.alloc(10_000)]);
    expect((await opened(padded)).equals(PLAIN)).toBe(true);
  });

  it("with trailing garbage is unreadable", async () => {
    const followed = Buffer.concat([gzipSync(PLAIN), Buffer.alloc(100_000, "garbage")]);
    for (const size of [50, 4096, 1 << 20]) await expect(opened(followed, size)).rejects.toEqual(unreadable);
  });

  it.each([1, 2, 4, 8, 9, 1000])("cut off by %i bytes is unreadable", async (missing) => {
    const whole = gzipSync(PLAIN);
    await expect(opened(whole.subarray(0, whole.length - missing))).rejects.toEqual(unreadable);
  });

  it.each([3, 40, 5000])("with a wrong byte at %i from its end is unreadable", async (from) => {
    const wrong = gzipSync(PLAIN);
    wrong[wrong.length - from] = (wrong[wrong.length - from] ?? 0) ^ 0x55;
    await expect(opened(wrong)).rejects.toEqual(unreadable);
  });

  it("with a wrong byte near its beginning is unreadable, regardless of its length", async () => {
    const wrong = gzipSync(PLAIN);
    wrong.fill(0xff, 20, 200);
    for (const size of [50, 4096, 1 << 20]) await expect(opened(wrong, size)).rejects.toEqual(unreadable);
  });
});

describe("decompress: anything else", () => {
  it("passes on plain bytes", async () => {
    expect((await opened(PLAIN, 100)).length).toBe(PLAIN.length);
    expect((await opened(PLAIN)).equals(PLAIN)).toBe(true);
  });

  it.each([0, 1, 2, 3])("passes on %i bytes", async (length) => {
    expect(await opened(PLAIN.subarray(0, length), 1)).toEqual(PLAIN.subarray(0, length));
  });
});

describe("decompress: zstd", () => {
  it.each([1, 3, 7, 1000])("reads a stream of the zstd tool in chunks of %i bytes", async (size) => {
    expect((await opened(ZSTD_SAMPLE, size)).equals(ZSTD_PLAIN)).toBe(true);
  });

  it("reads several frames, including skippable ones", async () => {
    const skippable = Buffer.from("502a4d18040000006e6f7065", "hex");
    const frames = Buffer.concat([ZSTD_SAMPLE, skippable, ZSTD_SAMPLE]);
    for (const size of [1, 30, 41, 1000]) {
      expect((await opened(frames, size)).equals(Buffer.concat([ZSTD_PLAIN, ZSTD_PLAIN])), `${size}`).toBe(
        true,
      );
    }
  });

  it("cut off is unreadable", async () => {
    for (const missing of [1, 5, 20]) {
      const cut = ZSTD_SAMPLE.subarray(0, ZSTD_SAMPLE.length - missing);
      await expect(opened(cut), `${missing} bytes missing`).rejects.toEqual(unreadable);
    }
  });

  it.runIf(available("zstd"))(
    "reads what the zstd tool writes at every level and in several frames",
    async () => {
      for (const level of ["-1", "-6", "-19"]) {
        const frame = run("zstd", [level, "-c"], PLAIN);
        expect((await opened(frame)).equals(PLAIN)).toBe(true);
        const frames = Buffer.concat([frame, run("zstd", [level, "-c"], Buffer.from("more"))]);
        expect((await opened(frames)).equals(Buffer.concat([PLAIN, Buffer.from("more")]))).toBe(true);
        await expect(opened(frame.subarray(0, 50_000))).rejects.toEqual(unreadable);
      }
    },
  );
});

describe("decompress: a source that fails", () => {
  const failure = new Error("the digest is wrong");

  it.each([
    ["gzip", gzipSync(PLAIN)],
    ["gzip with trailing zeros", Buffer.concat([gzipSync(PLAIN), Buffer.alloc(10_000)])],
    ["gzip with trailing zeros and garbage", Buffer.concat([gzipSync(PLAIN), Buffer.alloc(9), PLAIN])],
    ["zstd", ZSTD_SAMPLE],
    ["plain", PLAIN],
    ["nothing", Buffer.alloc(0)],
    ["two bytes", Buffer.from([0x1f, 0x8b])],
  ])("throws the source's own error after its last byte: %s", async (_, bytes) => {
    for (const size of [100, 4096, 1 << 20]) await expect(opened(bytes, size, failure)).rejects.toBe(failure);
  });

  it("throws the source's own error", async () => {
    await expect(opened(gzipSync(PLAIN).subarray(0, 100_000), 4096, failure)).rejects.toBe(failure);
  });
});

describe("decompress: a reader that stops", () => {
  it.each([
    ["gzip", gzipSync(PLAIN)],
    ["plain", PLAIN],
  ])("closes its source: %s", async (_, bytes) => {
    let closed = false;
    async function* source() {
      try {
        yield* chunked(bytes, 1000);
      } finally {
        closed = true;
      }
    }
    for await (const chunk of decompress(source())) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(closed).toBe(true);
  });
});
