// Short writes, which file systems are free to make, are continued.

import { readFileSync, writeFileSync } from "node:fs";
import { type OpenFile, openFile } from "@spack-oci/files";
import { expect, it } from "vitest";
import { writeFully } from "../../src/binary-io/write-fully.js";
import { freshPath } from "../support/directories.js";

/** A file to which at most three bytes are written at a time. */
async function withSlowFile(content: string, use: (file: OpenFile) => Promise<void>): Promise<string> {
  const path = freshPath();
  writeFileSync(path, content);
  const file = await openFile(path, "r+");
  const few = (buffer: Buffer, offset = 0) => buffer.subarray(0, Math.min(buffer.length, offset + 3));
  const slow = Object.assign(Object.create(file) as OpenFile, {
    write: ((buffer, at) => file.write(few(buffer, at.offset), at)) as OpenFile["write"],
  });
  try {
    await use(slow);
  } finally {
    await file.close();
  }
  return readFileSync(path, "utf8");
}

it("writes a piece of any length, also beyond the end", async () => {
  const content = await withSlowFile("0123456789", async (file) => {
    await writeFully(file, Buffer.from("abcdefgh"), 1);
    await writeFully(file, Buffer.from("ABCDE"), 9);
    await writeFully(file, Buffer.alloc(0), 0);
  });
  expect(content).toBe("0abcdefghABCDE");
});
