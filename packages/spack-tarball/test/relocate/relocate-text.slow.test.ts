// Text files of any size are rewritten as by Spack's regular expression.

import { linkSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { decodeFileName, openFile } from "@spack-oci/files";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateText } from "../../src/relocate/relocate-text.js";
import { prefixEntries, textOver } from "../support/arbitraries.js";
import { latin1 } from "../support/bytes.js";
import { freshPath } from "../support/directories.js";
import { modelRelocatedText } from "../support/models.js";

type Entries = readonly (readonly [string, string])[];

const mapOf = (entries: Entries) =>
  new PrefixMap(
    entries.map(([old, replacement]) => [decodeFileName(latin1(old)), decodeFileName(latin1(replacement))]),
  );

async function relocated(entries: Entries, text: Buffer, path = freshPath()): Promise<Buffer> {
  writeFileSync(path, text);
  const file = await openFile(path, "r+");
  try {
    await relocateText({ file, path }, mapOf(entries));
  } finally {
    await file.close();
  }
  return readFileSync(path);
}

const MEBIBYTE = 1024 * 1024;

describe("relocateText", () => {
  it("does what Spack's regular expression does", async () => {
    const path = freshPath();
    await fc.assert(
      fc.asyncProperty(
        prefixEntries.chain((entries) =>
          fc.tuple(fc.constant(entries), textOver(entries.map(([old]) => old))),
        ),
        async ([entries, text]) => {
          expect(await relocated(entries, text, path)).toEqual(modelRelocatedText(entries, text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ["around the end of a chunk", 2 * MEBIBYTE + 10, Array.from({ length: 17 }, (_, index) => index - 14)],
    ["through a scratch file if it is large", 9 * MEBIBYTE, [-7]],
  ])("replaces prefixes %s", async (_, size, offsets) => {
    const entries: Entries = [
      ["/old/prefix", "/new/and/longer/prefix"],
      ["/old", "/n"],
    ];
    for (const offset of offsets) {
      const text = Buffer.alloc(size, "some text\n");
      for (let end = MEBIBYTE; end < size; end += MEBIBYTE)
        text.write(":/old/prefix/x ", end + offset, "latin1");
      expect((await relocated(entries, text)).equals(modelRelocatedText(entries, text))).toBe(true);
    }
  });

  it("replaces prefixes once if a text of exactly one chunk becomes twice as long", async () => {
    const line = "/o x\n".padEnd(16, "y");
    const text = Buffer.from(line.repeat(MEBIBYTE / 16));
    const replacement = `/${"n".repeat(40)}/o`;
    const expected = line.replace("/o", replacement).repeat(MEBIBYTE / 16);
    expect((await relocated([["/o", replacement]], text)).equals(Buffer.from(expected))).toBe(true);
  });

  it("keeps the inode, its hard links and its mode, and leaves no scratch file", async () => {
    for (const size of [100, 9_000_000]) {
      const path = freshPath();
      writeFileSync(path, Buffer.alloc(size, " /old"), { mode: 0o751 });
      linkSync(path, `${path}-link`);
      const before = lstatSync(path);
      const file = await openFile(path, "r+");
      await relocateText({ file, path }, mapOf([["/old", "/n"]]));
      await file.close();
      expect(lstatSync(path)).toMatchObject({
        ino: before.ino,
        mode: before.mode,
        nlink: 2,
        size: (size / 5) * 3,
      });
      expect(readFileSync(`${path}-link`).equals(Buffer.alloc((size / 5) * 3, " /n"))).toBe(true);
      expect(readdirSync(dirname(path))).toHaveLength(2);
    }
  });

  it("rewrites a large file whose name has the maximum length", async () => {
    const path = freshPath("n".repeat(255));
    const text = await relocated([["/old", "/new/one"]], Buffer.alloc(2_000_000, " /old"), path);
    expect(text.equals(Buffer.alloc(3_600_000, " /new/one"))).toBe(true);
  });

  it("does not write to a file with nothing to replace", async () => {
    const path = freshPath();
    await relocated([["/old", "/new"]], latin1("x//old"), path);
    const { mtimeMs } = lstatSync(path);
    const file = await openFile(path, "r");
    await relocateText({ file, path }, mapOf([["/old", "/new"]]));
    await file.close();
    expect(lstatSync(path).mtimeMs).toBe(mtimeMs);
  });
});
