// The ELF parser reads files written field by field, rejects broken ones, and agrees with readelf.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../src/elf/elf-file.js";
import { temporaryDirectory } from "../support/directories.js";
import {
  DT_NEEDED,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  type ElfShape,
  elfImage,
} from "../support/elf-images.js";
import { available, run } from "../support/tools.js";

const scratch = join(temporaryDirectory(), "file");

async function parsed(bytes: Buffer) {
  writeFileSync(scratch, bytes);
  return parsedFile(scratch);
}

async function parsedFile(path: string) {
  const file = await openFile(path, "r");
  try {
    const elf = await parseElf(file);
    if (elf === undefined) return undefined;
    return {
      interpreter: elf.interpreter && [elf.interpreter.offset, elf.interpreter.value.toString("latin1")],
      runPath: elf.runPath && [elf.runPath.offset, elf.runPath.value.toString("latin1")],
    };
  } finally {
    await file.close();
  }
}

const USUAL: ElfShape = {
  interpreter: "/lib/ld.so",
  strings: [
    [DT_NEEDED, "libc.so.6"],
    [DT_SONAME, "libx.so"],
    [DT_RPATH, "/opt/a:/opt/b"],
  ],
};

describe("parseElf", () => {
  describe.each([
    ["64 bits, little-endian", { is64: true, bigEndian: false }],
    ["64 bits, big-endian", { is64: true, bigEndian: true }],
    ["32 bits, little-endian", { is64: false, bigEndian: false }],
    ["32 bits, big-endian", { is64: false, bigEndian: true }],
  ])("%s", (_, kind) => {
    it("finds the interpreter and the run path", async () => {
      const { bytes, places } = elfImage({ ...USUAL, ...kind });
      const offset = places.table + 1 + "libc.so.6\0libx.so\0".length;
      expect(await parsed(bytes)).toEqual({
        interpreter: [places.interpreter, "/lib/ld.so"],
        runPath: [offset, "/opt/a:/opt/b"],
      });
    });

    it("finds nothing in a file that is truncated before the end of its section headers", async () => {
      const { bytes } = elfImage({ ...USUAL, ...kind });
      for (let length = 0; length < bytes.length; length += 1) {
        expect(await parsed(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
      }
    });

    it("never throws for a file with any wrong byte", async () => {
      const { bytes } = elfImage({ ...USUAL, ...kind });
      for (let at = 4; at < bytes.length; at += 1) {
        const wrong = Buffer.from(bytes);
        wrong[at] = 0xff;
        await parsed(wrong);
      }
    });
  });

  it.each([
    ["an executable", { type: 2 }],
    ["another address", { base: 0 }],
    ["DT_RUNPATH", { strings: [[DT_RUNPATH, "/opt/a:/opt/b"]] }],
    ["a run path longer than one read", { strings: [[DT_RUNPATH, `/opt/a:/opt/b${":/x".repeat(3000)}`]] }],
    ["no end of the dynamic section", { withDynamicEnd: false }],
    ["no names except the run path", { strings: [[DT_RPATH, "/opt/a:/opt/b"]] }],
    ["more strings in the table", { tableTail: "more and more" }],
  ] as [string, ElfShape][])("reads %s", async (_, shape) => {
    const found = await parsed(elfImage({ ...USUAL, ...shape }).bytes);
    expect(found?.runPath?.[1]).toMatch(/^\/opt\/a:\/opt\/b/);
    expect(found?.interpreter?.[1]).toBe("/lib/ld.so");
  });

  it.each([
    ["no interpreter", { interpreter: undefined }],
    ["no run path", { strings: [[DT_NEEDED, "libc.so.6"]] }],
    ["no strings and no section headers", { strings: [], withSections: false }],
    ["no loaded segment", { withLoad: false }],
  ] as [string, ElfShape][])("reads what there is with %s", async (name, shape) => {
    const found = await parsed(elfImage({ ...USUAL, ...shape }).bytes);
    expect(found).toBeDefined();
    expect(found?.runPath === undefined).toBe(name !== "no interpreter");
    expect(found?.interpreter === undefined).toBe(name === "no interpreter");
  });

  it.each([
    ["an object file", { type: 1 }],
    ["a core dump", { type: 4 }],
    [
      "two run paths",
      {
        strings: [
          [DT_RPATH, "/a"],
          [DT_RUNPATH, "/b"],
        ],
      },
    ],
    [
      "two run paths of the same kind",
      {
        strings: [
          [DT_RPATH, "/a"],
          [DT_RPATH, "/b"],
        ],
      },
    ],
    ["no string table", { stringTables: 0 }],
    ["two string tables", { stringTables: 2 }],
    ["no section headers", { withSections: false }],
  ] as [string, ElfShape][])("refuses %s", async (_, shape) => {
    expect(await parsed(elfImage({ ...USUAL, ...shape }).bytes)).toBeUndefined();
  });

  it.each([
    ["another magic", 3, "G"],
    ["an unknown class", 4, "\x03"],
    ["class 0", 4, "\0"],
    ["an unknown byte order", 5, "\x03"],
    ["an unterminated interpreter", "interpreter", "x".repeat(11)],
  ] as [string, number | "interpreter", string][])("refuses %s", async (_, place, text) => {
    const { bytes, places } = elfImage(USUAL);
    bytes.write(text, typeof place === "number" ? place : places[place], "latin1");
    expect(await parsed(bytes)).toBeUndefined();
  });

  it("rejects a string outside of its table, an unterminated one, and a table beyond the end of the file", async () => {
    const { bytes, places } = elfImage(USUAL);
    const sizeAt = places.sections + 64 + 32;
    for (const size of [places.tableLength - 1, 5, 0, bytes.length * 2]) {
      const wrong = Buffer.from(bytes);
      wrong.writeBigUInt64LE(BigInt(size), sizeAt);
      expect(await parsed(wrong), `table of ${size} bytes`).toBeUndefined();
      const followed = Buffer.concat([wrong, Buffer.alloc(bytes.length / 2)]);
      expect(await parsed(followed), `table of ${size} bytes`).toBeUndefined();
    }
    for (const value of [places.tableLength, 1 << 30, 2n ** 63n]) {
      for (const entry of [0, 1, 2]) {
        const wrong = Buffer.from(bytes);
        wrong.writeBigUInt64LE(BigInt(value), places.dynamic + entry * 16 + 8);
        expect(await parsed(wrong), `entry ${entry} at ${value}`).toBeUndefined();
      }
    }
  });

  it("ignores empty segments", async () => {
    const { bytes, places } = elfImage(USUAL);
    bytes.writeBigUInt64LE(0n, places.programHeaders + 32);
    expect(await parsed(bytes)).toMatchObject({
      interpreter: undefined,
      runPath: [expect.any(Number), "/opt/a:/opt/b"],
    });
    bytes.writeBigUInt64LE(0n, places.programHeaders + 2 * 56 + 32);
    expect(await parsed(bytes)).toEqual({ interpreter: undefined, runPath: undefined });
  });

  it("copes with absurd sizes and offsets", async () => {
    const { bytes, places } = elfImage(USUAL);
    const fields = [
      32,
      40,
      ...[0, 1, 2].flatMap((index) => [8, 16, 32].map((at) => places.programHeaders + index * 56 + at)),
    ];
    for (const at of fields) {
      for (const value of [2n ** 62n, 2n ** 64n - 1n, 2n ** 32n]) {
        const wrong = Buffer.from(bytes);
        wrong.writeBigUInt64LE(value, at);
        await parsed(wrong);
      }
    }
  });
});

describe.runIf(available("gcc") && available("readelf"))("parseElf on what gcc links", () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, "out"));
  writeFileSync(join(root, "main.c"), "int main(void) { return 0; }\n");
  writeFileSync(join(root, "lib.c"), "int one(void) { return 1; }\n");

  it.each([
    ["an executable with DT_RPATH", ["main.c", "-Wl,--disable-new-dtags,-rpath,/opt/x:/opt/y"]],
    ["an executable with DT_RUNPATH", ["main.c", "-Wl,--enable-new-dtags,-rpath,/opt/x:/opt/y"]],
    ["an executable without either", ["main.c"]],
    ["an executable that is not position-independent", ["main.c", "-no-pie", "-Wl,-rpath,/opt/x"]],
    ["another interpreter", ["main.c", "-Wl,--dynamic-linker=/opt/a/ld.so"]],
    ["a shared library", ["-shared", "-fPIC", "lib.c", "-Wl,-soname,libone.so", "-Wl,-rpath,/opt/x"]],
    ["a static executable", ["main.c", "-static"]],
    ["stripped", ["main.c", "-s", "-Wl,-rpath,/opt/x"]],
    ["an object file", ["-c", "main.c"]],
  ])("agrees with readelf: %s", async (name, args) => {
    const path = join(root, "out", name.replaceAll(" ", "-"));
    run("gcc", ["-o", path, ...args.map((arg) => (arg.endsWith(".c") ? join(root, arg) : arg))]);
    const listing = run("readelf", ["-dlW", path]).toString();
    const runPath = /\((?:RPATH|RUNPATH)\).*\[(.*)\]/.exec(listing)?.[1];
    const interpreter = /\[Requesting program interpreter: (.*)\]/.exec(listing)?.[1];
    const found = await parsedFile(path);
    expect(found?.runPath?.[1]).toBe(runPath);
    expect(found?.interpreter?.[1]).toBe(interpreter);
  });
});
