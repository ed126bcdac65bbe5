// Run path entries stay that lead somewhere once the package is in place.

import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/directories.js";
import { dropRedundantRpaths } from "../support/drop-rpaths.js";
import { DT_RPATH, DT_RUNPATH, elfImage } from "../support/elf-images.js";

const FINAL = "/nowhere/store/pkg-1";

/** What becomes of a run path in a package that is in one directory and will be in another. */
async function kept(runPath: string): Promise<string> {
  const root = join(temporaryDirectory(), "deep/er");
  const other = temporaryDirectory();
  mkdirSync(join(root, "lib/sub"), { recursive: true });
  symlinkSync("nothing", join(root, "dangling"));
  symlinkSync("lib/sub", join(root, "inside"));
  symlinkSync(`${FINAL}/lib`, join(root, "absolute"));
  symlinkSync("loop", join(root, "loop"));
  symlinkSync(FINAL, join(other, "package"));
  const text = runPath.replaceAll("@FINAL@", FINAL).replaceAll("@OTHER@", other);
  const { bytes, places } = elfImage({ strings: [[DT_RUNPATH, text]] });
  writeFileSync(join(root, "lib/sub/file"), bytes);
  const changed = await dropRedundantRpaths(root, FINAL);
  const written = readFileSync(join(root, "lib/sub/file"));
  const field = written.subarray(places.table + 1, places.table + 1 + text.length + 1).toString("latin1");
  const value = field.slice(0, field.indexOf("\0"));
  expect(field).toBe(value.padEnd(text.length + 1, "\0"));
  written.fill(0, places.table + 1, places.table + 1 + text.length);
  bytes.fill(0, places.table + 1, places.table + 1 + text.length);
  expect(written.equals(bytes)).toBe(true);
  expect(changed).toEqual(value === text ? [] : ["lib/sub/file"]);
  return value.replaceAll(FINAL, "@FINAL@").replaceAll(other, "@OTHER@");
}

describe("redundantRpathDropper", () => {
  it.each([
    [
      "what begins with $",
      "$ORIGIN/../nothing:$\x7bORIGIN}/x:$LIB",
      "$ORIGIN/../nothing:$\x7bORIGIN}/x:$LIB",
    ],
    ["what exists elsewhere", "@OTHER@:/nowhere/at/all:@OTHER@/x", "@OTHER@"],
    [
      "what will exist in the package",
      "@FINAL@:@FINAL@/lib:@FINAL@/lib/sub/:@FINAL@/no",
      "@FINAL@:@FINAL@/lib:@FINAL@/lib/sub/",
    ],
    ["links that lead nowhere", "@FINAL@/dangling", "@FINAL@/dangling"],
    ["no neighbour whose name begins like the package", "@FINAL@-2/lib:@FINAL@/lib", "@FINAL@/lib"],
    ["no relative and no empty entries", "lib::./lib:..:@FINAL@/lib:", "@FINAL@/lib"],
    ["nothing at all", "/nowhere/a:/nowhere/b", ""],
    ["a path below a file not at all", "@FINAL@/lib/sub/file/x:@FINAL@/lib", "@FINAL@/lib"],
    [
      "a path that leaves the package and comes to what exists",
      "@FINAL@/../../..@OTHER@:@FINAL@/../no",
      "@FINAL@/../../..@OTHER@",
    ],
    [
      "what is behind the package's links, also those that name its final place",
      "@FINAL@/inside/file:@FINAL@/absolute/sub:@FINAL@/absolute/no:@OTHER@/package/absolute/sub/",
      "@FINAL@/inside/file:@FINAL@/absolute/sub:@OTHER@/package/absolute/sub/",
    ],
    [
      "what .. leads to from where a link points",
      "@FINAL@/inside/../sub:@FINAL@/inside/../lib:@FINAL@/inside/../..:@FINAL@/lib/sub/..",
      "@FINAL@/inside/../sub:@FINAL@/inside/../..:@FINAL@/lib/sub/..",
    ],
    [
      "nothing behind what is no directory, although .. would lead back",
      "@FINAL@/no/../lib:@FINAL@/dangling/..:@FINAL@/dangling/:@FINAL@/lib/sub/file/..:@FINAL@/loop/x:@FINAL@/lib",
      "@FINAL@/lib",
    ],
  ])("keeps %s", async (_, before, after) => {
    expect(await kept(before)).toBe(after);
  });

  it("knows the package's final place by any name", async () => {
    const [root, store] = [temporaryDirectory(), temporaryDirectory()];
    mkdirSync(join(root, "lib"));
    mkdirSync(join(store, "real"));
    symlinkSync("real", join(store, "alias"));
    symlinkSync(join(store, "real/pkg-1/lib"), join(root, "lib64"));
    const text = [`${store}/alias/pkg-1/lib64/.`, `${store}/real/pkg-1/lib`].join(":");
    const { bytes } = elfImage({ strings: [[DT_RUNPATH, text]] });
    writeFileSync(join(root, "lib/file"), bytes);
    expect(await dropRedundantRpaths(root, join(store, "alias/pkg-1"))).toEqual([]);
  });

  it("touches nothing else: other files, links, and files without change", async () => {
    const root = temporaryDirectory();
    const elf = elfImage({ strings: [[DT_RPATH, "$ORIGIN/x"]] }).bytes;
    const blobs = { elf, text: Buffer.from("text"), empty: Buffer.alloc(0), cut: elf.subarray(0, 100) };
    for (const [name, bytes] of Object.entries(blobs)) writeFileSync(join(root, name), bytes);
    symlinkSync("/nowhere/file", join(root, "link"));
    linkSync(join(root, "elf"), join(root, "hard"));
    for (const name of Object.keys(blobs)) utimesSync(join(root, name), 5, 5);
    expect(await dropRedundantRpaths(root, FINAL)).toEqual([]);
    for (const [name, bytes] of Object.entries(blobs)) {
      expect(readFileSync(join(root, name)).equals(bytes)).toBe(true);
      expect(lstatSync(join(root, name)).mtimeMs).toBe(5000);
    }
  });
});
