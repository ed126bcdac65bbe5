// Files are read to their end or to an offset, in buffers that are reused.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type OpenFile, openFile } from "../src/open-file.js";
import { type ReadThroughOptions, readThrough } from "../src/read-through.js";

const MIB = 1024 * 1024;
const directory = mkdtempSync(join(tmpdir(), "read-through-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The bytes of a file, the number of reads, and the bytes that they requested. */
async function reads(
  path: string,
  options: ReadThroughOptions,
): Promise<{ bytes: Buffer; reads: number; asked: number }> {
  const file = await openFile(path, "r");
  let count = 0;
  let asked = 0;
  const counted = {
    read: (buffer, transfer) => {
      count += 1;
      asked += buffer.length;
      return file.read(buffer, transfer);
    },
  } as OpenFile;
  const chunks: Buffer[] = [];
  try {
    await readThrough(counted, options, (chunk) => {
      chunks.push(Buffer.from(chunk));
    });
  } finally {
    await file.close();
  }
  return { bytes: Buffer.concat(chunks), reads: count, asked };
}

function fileOf(size: number): { path: string; bytes: Buffer } {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 31) % 251;
  const path = join(directory, `file-${size}`);
  writeFileSync(path, bytes);
  return { path, bytes };
}

describe("readThrough", () => {
  it.each([0, 1, 1000, MIB - 1, MIB, MIB + 1, 3 * MIB])("reads all %d bytes", async (size) => {
    const { path, bytes } = fileOf(size);
    for (const expected of [size, 0, size + 5]) {
      expect((await reads(path, { size: expected })).bytes.equals(bytes)).toBe(true);
    }
  });

  it("reads a small file of the expected size once, and requests little more than its size", async () => {
    expect(await reads(fileOf(1000).path, { size: 1000 })).toMatchObject({ reads: 1, asked: 1001 });
  });

  it.each([0, 500, MIB, MIB + 7])("ends at %d bytes", async (end) => {
    const { path, bytes } = fileOf(2 * MIB);
    expect((await reads(path, { size: bytes.length, end })).bytes.equals(bytes.subarray(0, end))).toBe(true);
  });

  it("uses separate buffers for concurrent reads, and passes failures on to the right reader", async () => {
    const files = [fileOf(3 * MIB), fileOf(2 * MIB), fileOf(MIB)];
    const all = await Promise.all(files.map(({ path, bytes }) => reads(path, { size: bytes.length })));
    expect(all.map(({ bytes }, index) => bytes.equals(files[index]?.bytes ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
      true,
    ]);
    const file = await openFile(fileOf(10).path, "r");
    const failing = readThrough(file, { size: 10 }, () => Promise.reject(new Error("no room")));
    await expect(failing).rejects.toThrow("no room");
    await file.close();
  });
});
