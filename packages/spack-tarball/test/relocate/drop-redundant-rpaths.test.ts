// Run path entries stay if they exist once the package is in its final place.

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

/** The new run path for a package that is in one directory and will be in another. */
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
      "entries that begin with $",
      "$ORIGIN/../nothing:$\x7bORIGIN}/x:$LIB",
      "$ORIGIN/../nothing:$\x7bORIGIN}/x:$LIB",
    ],
    ["paths that exist elsewhere", "@OTHER@:/nowhere/at/all:@OTHER@/x", "@OTHER@"],
    [
      "paths that will exist in the package",
      "@FINAL@:@FINAL@/lib:@FINAL@/lib/sub/:@FINAL@/no",
      "@FINAL@:@FINAL@/lib:@FINAL@/lib/sub/",
    ],
    ["links that lead nowhere", "@FINAL@/dangling", "@FINAL@/dangling"],
    ["no sibling whose name begins with that of the package", "@FINAL@-2/lib:@FINAL@/lib", "@FINAL@/lib"],
    ["no relative and no empty entries", "lib::./lib:..:@FINAL@/lib:", "@FINAL@/lib"],
    ["nothing at all", "/nowhere/a:/nowhere/b", ""],
    ["no path below a file", "@FINAL@/lib/sub/file/x:@FINAL@/lib", "@FINAL@/lib"],
    [
      "a path that leaves the package and exists",
      "@FINAL@/../../..@OTHER@:@FINAL@/../no",
      "@FINAL@/../../..@OTHER@",
    ],
    [
      "paths through links of the package, including links to its final place",
      "@FINAL@/inside/file:@FINAL@/absolute/sub:@FINAL@/absolute/no:@OTHER@/package/absolute/sub/",
      "@FINAL@/inside/file:@FINAL@/absolute/sub:@OTHER@/package/absolute/sub/",
    ],
    [
      "paths in which .. leads to the parent of a link's target",
      "@FINAL@/inside/../sub:@FINAL@/inside/../lib:@FINAL@/inside/../..:@FINAL@/lib/sub/..",
      "@FINAL@/inside/../sub:@FINAL@/inside/../..:@FINAL@/lib/sub/..",
    ],
    [
      "no path through something that is not a directory, even if .. leads back",
      "@FINAL@/no/../lib:@FINAL@/dangling/..:@FINAL@/dangling/:@FINAL@/lib/sub/file/..:@FINAL@/loop/x:@FINAL@/lib",
      "@FINAL@/lib",
    ],
  ])("keeps %s", async (_, before, after) => {
    expect(await kept(before)).toBe(after);
  });

  it("recognizes the package's final place under any name", async () => {
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

  it("does not touch other files, links, and files without changes", async () => {
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
