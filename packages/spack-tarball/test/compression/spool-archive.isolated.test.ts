// Spooled layers have the digests they claim and the header that Spack writes.

import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Compression } from "../../src/compression/compressions.js";
import { spoolArchive } from "../../src/compression/spool-archive.js";
import { chunked } from "../support/bytes.js";
import { freshPath } from "../support/directories.js";

const sha256 = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

describe("spoolArchive", () => {
  it.each([0, 1, 10_000, 3_000_000])("writes %i bytes and returns both digests", async (length) => {
    const plain = Buffer.alloc(length, "layer");
    const path = freshPath();
    const spooled = await spoolArchive(chunked(plain, 70_000), path);
    const compressed = readFileSync(path);
    expect(gunzipSync(compressed).equals(plain)).toBe(true);
    expect(spooled).toEqual({
      path,
      digest: sha256(compressed),
      size: compressed.length,
      diffId: sha256(plain),
      uncompressedSize: length,
    });
  });

  it("writes the header that Spack writes, with the size of the member: no name, no time, unknown system", async () => {
    const { path } = await spoolArchive(chunked(Buffer.from("x")), freshPath());
    expect(readFileSync(path).subarray(0, 10).toString("hex")).toBe("1f8b08040000000000ff");
  });

  it("passes on an error of the archive and closes everything", async () => {
    const failure = new Error("the file changed");
    const open = () => (existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0);
    const before = open();
    for (let round = 0; round < 10; round += 1) {
      await expect(spoolArchive(chunked(Buffer.alloc(300_000), 1000, failure), freshPath())).rejects.toBe(
        failure,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(open()).toBeLessThan(before + 5);
  });

  it("creates no file for an unknown compression", async () => {
    const path = freshPath();
    const unknown = "brotli" as Compression;
    await expect(spoolArchive(chunked(Buffer.alloc(10)), path, { compression: unknown })).rejects.toThrow(
      TypeError,
    );
    expect(existsSync(path)).toBe(false);
  });

  it("reports how many bytes can be read while more are written", async () => {
    const path = freshPath();
    const told: number[] = [];
    const { size } = await spoolArchive(chunked(randomBytes(5_000_000), 100_000), path, {
      onWritten: (written) => {
        told.push(written);
        if (written > 0) expect(statSync(path).size).toBeGreaterThanOrEqual(written);
      },
    });
    expect(told).toEqual(told.toSorted((one, other) => one - other));
    expect(told.at(-1)).toBeGreaterThan(0);
    expect(told.at(-1)).toBeLessThan(size);
  });

  it("does not overwrite a file, and stops reading the archive", async () => {
    const path = freshPath();
    writeFileSync(path, "mine");
    let closed = false;
    async function* source() {
      try {
        for (;;) yield Buffer.alloc(100_000);
      } finally {
        closed = true;
      }
    }
    await expect(spoolArchive(source(), path)).rejects.toMatchObject({ code: "EEXIST" });
    expect(readFileSync(path, "utf8")).toBe("mine");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(closed).toBe(true);
  });
});
