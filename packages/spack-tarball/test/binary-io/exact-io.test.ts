// Short reads and writes, which file systems are free to make, are continued.

import { readFileSync, writeFileSync } from "node:fs";
import { type OpenFile, openFile } from "@spack-oci/files";
import { expect, it } from "vitest";
import { readExactly, writeFully } from "../../src/binary-io/exact-io.js";
import { freshPath } from "../support/directories.js";

/** A file of which at most three bytes are read or written at a time. */
async function withSlowFile(content: string, use: (file: OpenFile) => Promise<void>): Promise<string> {
  const path = freshPath();
  writeFileSync(path, content);
  const file = await openFile(path, "r+");
  const few = (buffer: Buffer, offset = 0) => buffer.subarray(0, Math.min(buffer.length, offset + 3));
  const slow = Object.assign(Object.create(file) as OpenFile, {
    read: ((buffer, at) => file.read(few(buffer, at.offset), at)) as OpenFile["read"],
    write: ((buffer, at) => file.write(few(buffer, at.offset), at)) as OpenFile["write"],
  });
  try {
    await use(slow);
  } finally {
    await file.close();
  }
  return readFileSync(path, "utf8");
}

it("reads a piece of any length, and nothing beyond the end", async () => {
  await withSlowFile("0123456789", async (file) => {
    expect((await readExactly(file, 1, 8))?.toString()).toBe("12345678");
    expect((await readExactly(file, 0, 10))?.toString()).toBe("0123456789");
    expect((await readExactly(file, 10, 0))?.length).toBe(0);
    expect(await readExactly(file, 1, 10)).toBeUndefined();
    expect(await readExactly(file, 20, 1)).toBeUndefined();
  });
});

it("writes a piece of any length, also beyond the end", async () => {
  const content = await withSlowFile("0123456789", async (file) => {
    await writeFully(file, Buffer.from("abcdefgh"), 1);
    await writeFully(file, Buffer.from("ABCDE"), 9);
    await writeFully(file, Buffer.alloc(0), 0);
  });
  expect(content).toBe("0abcdefghABCDE");
});
