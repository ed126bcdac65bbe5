// Run paths and interpreters of every class and byte order are rewritten, or nothing changes.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../src/elf/elf-file.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateElf } from "../../src/relocate/relocate-elf.js";
import { freshPath, temporaryDirectory } from "../support/directories.js";
import { DT_NEEDED, DT_RPATH, DT_RUNPATH, type ElfShape, elfImage } from "../support/elf-images.js";
import { available, run } from "../support/tools.js";

const MAP = new PrefixMap([
  ["/old/store/pkg-1", "/new/pkg-1"],
  ["/old/store", "/new"],
  ["/s", "/larger"],
]);

async function relocated(bytes: Buffer) {
  const path = freshPath();
  writeFileSync(path, bytes);
  const file = await openFile(path, "r+");
  try {
    const { blocked, relocated } = await relocateElf(file, MAP);
    return { bytes: readFileSync(path), blocked, grownStrings: relocated[0]?.offset };
  } finally {
    await file.close();
  }
}

const KINDS = [true, false].flatMap((is64) => [true, false].map((bigEndian) => ({ is64, bigEndian })));

describe.each(KINDS)("relocateElf, is64: $is64, bigEndian: $bigEndian", (kind) => {
  /** The same file with another run path and interpreter, padded with NULs. */
  function expected(shape: ElfShape, runPath: string, interpreter: string): Buffer {
    const { bytes, places } = elfImage({ ...kind, ...shape });
    const write = (at: number, before: string, after: string) =>
      bytes.write(after.padEnd(before.length, "\0"), at, "latin1");
    write(places.interpreter, shape.interpreter ?? "", interpreter);
    write(places.table + 1, shape.strings?.[0]?.[1] ?? "", runPath);
    return bytes;
  }

  it.each([
    [
      "each entry that begins with a known prefix",
      "/old/store/pkg-1/lib:/usr/lib:/old/store/x",
      "/new/pkg-1/lib:/usr/lib:/new/x",
    ],
    ["an entry whose name only begins like a prefix", "/old/store-2/lib", "/new-2/lib"],
    ["no entry with a prefix inside", "$ORIGIN/old/store:/x/old/store", "$ORIGIN/old/store:/x/old/store"],
    ["and drops empty entries then", "::/old/store/a:::/b::", "/new/a:/b"],
    ["and keeps empty entries otherwise", "::/usr/lib::", "::/usr/lib::"],
    ["with room from another entry", "/old/store/pkg-1:/s", "/new/pkg-1:/larger"],
    ["nothing in an empty run path", "", ""],
  ])("replaces %s", async (_, before, after) => {
    const shape: ElfShape = {
      interpreter: "/old/store/ld.so",
      strings: [
        [DT_RUNPATH, before],
        [DT_NEEDED, "/old/store/libx.so"],
      ],
    };
    const { bytes } = elfImage({ ...kind, ...shape });
    const result = await relocated(bytes);
    expect(result.blocked).toEqual([]);
    expect(result.bytes.equals(expected(shape, after, "/new/ld.so"))).toBe(true);
  });

  it.each([
    ["the run path", "/s/lib", "/old/store/ld.so", ["/s/lib"]],
    ["the interpreter", "/old/store/lib", "/s/ld.so", ["/s/ld.so"]],
    ["both", "/s", "/s", ["/s", "/s"]],
  ])("writes nothing if %s would grow in a file that cannot", async (_, runPath, interpreter, found) => {
    const { bytes } = elfImage({ ...kind, interpreter, strings: [[DT_RPATH, runPath]] });
    const result = await relocated(bytes);
    expect(result.blocked.map((blocked) => blocked.found.toString())).toEqual(found);
    expect(result.blocked.every(({ reason }) => reason === "cannot-grow")).toBe(true);
    expect(result.bytes.equals(bytes)).toBe(true);
  });

  it("makes room for strings that grow, and rewrites the rest in place", async () => {
    const shape: ElfShape = {
      whole: true,
      room: 64,
      interpreter: "/old/store/ld.so",
      strings: [
        [DT_RPATH, "/s/lib:/usr/lib"],
        [DT_NEEDED, "/s/libx.so"],
        [DT_NEEDED, "/old/store/liby.so"],
        [DT_NEEDED, "libz.so"],
      ],
    };
    const { bytes, places } = elfImage({ ...kind, ...shape });
    const result = await relocated(bytes);
    expect(result.blocked).toEqual([]);
    const path = freshPath();
    writeFileSync(path, result.bytes);
    const file = await openFile(path, "r");
    const elf = await parseElf(file);
    await file.close();
    expect(elf?.interpreter).toMatchObject({ offset: places.interpreter, value: Buffer.from("/new/ld.so") });
    expect(elf?.runPath?.value.toString()).toBe("/larger/lib:/usr/lib");
    // A path of a library that becomes shorter is left to the search for C strings.
    const names = ["/larger/libx.so", "/old/store/liby.so", "libz.so"];
    expect(elf?.names.map(({ value }) => value.toString())).toEqual(names);
    expect(result.bytes.subarray(result.grownStrings).toString("latin1")).toBe(
      "/larger/lib:/usr/lib\0/larger/libx.so\0",
    );
  });

  it("does not change a file that it cannot parse", async () => {
    const { bytes } = elfImage({
      ...kind,
      interpreter: "/old/store/ld.so",
      strings: [
        [DT_RPATH, "/old/store"],
        [DT_RUNPATH, "/old/store"],
      ],
    });
    expect((await relocated(bytes)).bytes.equals(bytes)).toBe(true);
  });
});

describe.runIf(available("gcc") && available("readelf"))("relocateElf on what gcc links", () => {
  it("writes files that the loader and readelf understand", async () => {
    const root = temporaryDirectory();
    const old = join(root, "a-rather-long-store/pkg");
    writeFileSync(join(root, "lib.c"), "int one(void) { return 1; }\n");
    writeFileSync(join(root, "main.c"), "int one(void); int main(void) { return one() == 1 ? 0 : 3; }\n");
    run("gcc", ["-shared", "-fPIC", "-o", join(root, "libone.so"), join(root, "lib.c")]);
    const main = join(root, "main");
    run("gcc", ["-o", main, join(root, "main.c"), `-L${root}`, "-lone", `-Wl,-rpath,${old}:/nowhere`]);
    expect(() => run(main, [])).toThrow();
    const file = await openFile(main, "r+");
    expect((await relocateElf(file, new PrefixMap([[old, root]]))).blocked).toEqual([]);
    await file.close();
    expect(run("readelf", ["-d", main]).toString()).toContain(`[${root}:/nowhere]`);
    expect(run(main, []).toString()).toBe("");
  });
});
