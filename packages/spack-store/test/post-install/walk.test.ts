// Prefixes are walked in a fixed order, without following links.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { walkTree } from "../../src/post-install/walk.js";
import { temporaryDirectory } from "../support/temporary.js";

async function walked(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, type } of walkTree(Buffer.from(directory))) {
    found.push(`${type} ${path.toString("latin1").slice(directory.length + 1)}`);
  }
  return found;
}

it("visits subdirectories, then other entries, then the content of subdirectories", async () => {
  const top = temporaryDirectory();
  for (const path of ["b/deep", "a"]) mkdirSync(join(top, path), { recursive: true });
  for (const path of ["z", "c", "a/file", "b/deep/file"]) writeFileSync(join(top, path), "");
  symlinkSync("a", join(top, "link"));
  expect(await walked(top)).toEqual([
    "directory a",
    "directory b",
    "file c",
    "symlink link",
    "file z",
    "file a/file",
    "directory b/deep",
    "file b/deep/file",
  ]);
});

it("keeps names that are not UTF-8", async () => {
  const top = temporaryDirectory();
  writeFileSync(Buffer.concat([Buffer.from(`${top}/`), Buffer.from([0x61, 0xff])]), "");
  expect(await walked(top)).toEqual(["file a\xff"]);
});
