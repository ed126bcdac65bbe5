// Strings in ELF files of every class and byte order get more room, or the file does not change.

import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { type OpenFile, openFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { type ElfFile, parseElf } from "../../../src/elf/elf-file.js";
import { applyGrowth } from "../../../src/elf/grow/apply-growth.js";
import { type ElfTables, readTables } from "../../../src/elf/grow/elf-tables.js";
import { planGrowth } from "../../../src/elf/grow/plan-growth.js";
import { freshPath } from "../../support/directories.js";
import { DT_NEEDED, DT_RUNPATH, DT_SONAME, type ElfShape, elfImage } from "../../support/elf-images.js";
import { available, run } from "../../support/tools.js";

const PT_LOAD = 1;
const PT_PHDR = 6;
const LONG = `/a/very/long/path${"/that/goes/on".repeat(30)}`;
const LIBRARY: ElfShape = {
  whole: true,
  withTableSegment: false,
  strings: [
    [DT_RUNPATH, "/opt/a"],
    [DT_NEEDED, "/opt/libx.so"],
    [DT_SONAME, "liby.so"],
  ],
};
const PROGRAM: ElfShape = { ...LIBRARY, withTableSegment: true, interpreter: "/opt/ld.so" };
const KINDS = [true, false].flatMap((is64) => [true, false].map((bigEndian) => ({ is64, bigEndian })));
const readelf = available("readelf");

type Pick = (elf: ElfFile) => (ElfFile["interpreter"] | undefined)[];
const everything: Pick = (elf) => [elf.interpreter, elf.runPath, ...elf.names];

interface Opened {
  readonly file: OpenFile;
  readonly elf: ElfFile;
  readonly tables: ElfTables;
}

async function withElf<T>(path: string, look: (opened: Opened) => Promise<T>): Promise<T> {
  const file = await openFile(path, "r+");
  try {
    const elf = await parseElf(file);
    if (elf === undefined) throw new Error("no ELF");
    return await look({ file, elf, tables: await readTables(elf) });
  } finally {
    await file.close();
  }
}

/** Prepends `LONG` to every selected string. @returns whether the file could grow */
async function grow(path: string, pick: Pick): Promise<boolean> {
  const file = await openFile(path, "r+");
  try {
    const elf = await parseElf(file);
    const strings = (elf === undefined ? [] : pick(elf)).filter((string) => string !== undefined);
    const updates = strings.map((string) => ({
      string,
      value: Buffer.concat([Buffer.from(LONG), string.value]),
    }));
    const plan = elf && (await planGrowth(elf, updates));
    if (plan === undefined) return false;
    await applyGrowth(file, plan);
    return true;
  } finally {
    await file.close();
  }
}

function stored(bytes: Buffer): string {
  const path = freshPath("file");
  writeFileSync(path, bytes, { mode: 0o751 });
  return path;
}

/** The run path, the interpreter and the names in a file. */
async function strings(path: string): Promise<(string | undefined)[]> {
  return withElf(path, async ({ elf }) => everything(elf).map((string) => string?.value.toString("latin1")));
}

/** Checks what loaders and kernels require of segments. */
async function expectLoadable(path: string, page: number): Promise<void> {
  await withElf(path, async ({ elf, tables: { segments, loads } }) => {
    const { size } = statSync(path);
    const tableSize = segments.length * elf.reader.format.segmentSize;
    const table = { offset: elf.header.programHeaders.offset, size: tableSize };
    for (const [index, load] of loads.entries()) {
      expect(load.offset + load.size).toBeLessThanOrEqual(size);
      expect((load.address - load.offset) % load.alignment).toBe(0);
      const before = loads[index - 1];
      if (before !== undefined) {
        const end = Math.ceil((before.address + before.memorySize) / page) * page;
        expect(load.address).toBeGreaterThanOrEqual(end);
      }
    }
    expect(loads.at(-1)?.alignment).toBe(page);
    const around = loads.find(
      ({ offset, size: bytes }) => offset <= table.offset && offset + bytes >= table.offset + table.size,
    );
    expect(around).toBeDefined();
    const own = segments.find(({ type }) => type === PT_PHDR);
    if (own === undefined || around === undefined) return;
    expect(own).toMatchObject({ ...table, memorySize: table.size });
    expect(own.address - own.offset).toBe(around.address - around.offset);
    // The address of the table that kernels before 5.18 pass to a program.
    const first = segments.find(({ type }) => type === PT_LOAD);
    expect(own.address - own.offset).toBe((first?.address ?? 0) - (first?.offset ?? 0));
  });
}

describe.each(KINDS)("planGrowth, is64: $is64, bigEndian: $bigEndian", (kind) => {
  const page = kind.bigEndian ? 0x10000 : 0x1000;

  it.each([
    ["a program with room after its table", { ...PROGRAM, room: 64 }],
    ["a program whose table has to move", PROGRAM],
    ["a program whose table has to move, with much memory", { ...PROGRAM, memoryTail: 0x123456 }],
    ["a program at another address", { ...PROGRAM, type: 2, base: 0x10000000 }],
    ["a library", LIBRARY],
    ["a library with room after its table", { ...LIBRARY, room: 100 }],
    ["a library at address 0", { ...LIBRARY, base: 0 }],
    ["a library with more memory than a program could have", { ...LIBRARY, memoryTail: 0x10000000 }],
  ] as [string, ElfShape][])("grows every string of %s", async (_, shape) => {
    const path = stored(elfImage({ ...kind, ...shape }).bytes);
    const before = await strings(path);
    const { size, ino, mode } = statSync(path);
    expect(await grow(path, everything)).toBe(true);
    expect(await strings(path)).toEqual(before.map((string) => string && LONG + string));
    await expectLoadable(path, page);
    const after = statSync(path);
    expect(after).toMatchObject({ ino, mode });
    const hole = shape.interpreter === undefined ? 0 : (shape.memoryTail ?? 0);
    expect(after.size - size).toBeLessThan(hole + 2 * page + 5 * 1024);
    expect(readFileSync(path).includes("\0/opt/")).toBe(false);
    if (readelf)
      expect(run("sh", ["-c", 'readelf -aW "$1" 2>&1 >/dev/null', "sh", path]).toString()).toBe("");
  });

  it.each([
    ["the interpreter", (elf) => [elf.interpreter]],
    ["the run path", (elf) => [elf.runPath]],
    ["a library", (elf) => [elf.names[0]]],
  ] as [string, Pick][])("grows %s alone, also again, and the same way each time", async (_, pick) => {
    const { bytes } = elfImage({ ...kind, ...PROGRAM, room: 64 });
    const [path, again] = [stored(bytes), stored(bytes)];
    const before = await strings(path);
    const picked = (await withElf(path, async ({ elf }) => pick(elf)))[0]?.value.toString("latin1");
    expect(await grow(path, pick)).toBe(true);
    expect(await grow(again, pick)).toBe(true);
    expect(readFileSync(path).equals(readFileSync(again))).toBe(true);
    expect(await strings(path)).toEqual(before.map((string) => (string === picked ? LONG + string : string)));
    expect(await grow(path, pick)).toBe(true);
    expect(await strings(path)).toEqual(
      before.map((string) => (string === picked ? LONG + LONG + string : string)),
    );
    await expectLoadable(path, page);
  });
});

describe("planGrowth rejects", () => {
  const [is64, bigEndian] = [true, false];
  const whole = { is64, bigEndian, ...PROGRAM };
  const change = (
    shape: ElfShape,
    edit: (bytes: Buffer, places: ReturnType<typeof elfImage>["places"]) => void,
  ) => {
    const { bytes, places } = elfImage(shape);
    edit(bytes, places);
    return bytes;
  };

  it.each([
    ["no section headers", change({ ...whole, strings: [] }, (bytes) => bytes.writeUInt16LE(0, 60))],
    ["section headers of another size", change(whole, (bytes) => bytes.writeUInt16LE(72, 58))],
    ["program headers of another size", change(whole, (bytes) => bytes.writeUInt16LE(64, 54))],
    [
      "a program without PT_PHDR whose table would have to move",
      elfImage({ ...whole, withTableSegment: false }).bytes,
    ],
    [
      "a program with very much memory whose table would have to move",
      elfImage({ ...whole, memoryTail: 0x8000000 }).bytes,
    ],
    ["another size of pages, where the table has to move", elfImage({ ...whole, base: 0x400800 }).bytes],
    ["no address left", elfImage({ ...whole, is64: false, base: 0x7ffff000 }).bytes],
    ...[2n ** 64n - 1n, 2n ** 52n, 2n ** 47n].map((size): [string, Buffer] => [
      `memory of ${size} bytes`,
      change({ ...whole, room: 64 }, (bytes) => bytes.writeBigUInt64LE(size, 64 + 2 * 56 + 40)),
    ]),
    [
      "a string table without a size",
      change(whole, (bytes, { dynamic }) => bytes.writeBigUInt64LE(0x6ffffef5n, dynamic + 4 * 16)),
    ],
    [
      "symbols without a section",
      change(whole, (bytes, { dynamic }) => bytes.writeBigUInt64LE(6n, dynamic + 2 * 16)),
    ],
    ["an unterminated string table", change({ ...whole, tableTail: "x" }, () => {})],
    [
      "an unknown user of the string table",
      change(whole, (bytes, { sections }) => bytes.writeUInt32LE(0x6fff4700, sections + 2 * 64 + 4)),
    ],
    [
      "a section that shares the string table",
      change(whole, (bytes, { sections, table }) =>
        bytes.writeBigUInt64LE(BigInt(table), sections + 4 * 64 + 24),
      ),
    ],
    [
      "a section that shares the interpreter",
      change(whole, (bytes, { sections, interpreter }) =>
        bytes.writeBigUInt64LE(BigInt(interpreter), sections + 4 * 64 + 24),
      ),
    ],
  ])("%s", async (_, bytes) => {
    const path = stored(bytes);
    expect(await grow(path, everything)).toBe(false);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it("a file that ends beyond the offsets of its class", async () => {
    const path = stored(elfImage({ ...whole, is64: false, room: 64 }).bytes);
    truncateSync(path, 2 ** 31 - 100);
    expect(await grow(path, everything)).toBe(false);
    truncateSync(path, 2 ** 31 - 2 ** 16);
    expect(await grow(path, everything)).toBe(true);
  });

  it("an interpreter that is too long for Linux", async () => {
    const path = stored(elfImage({ ...whole, room: 64 }).bytes);
    await withElf(path, async ({ elf }) => {
      const length = async (size: number) =>
        elf.interpreter &&
        (await planGrowth(elf, [{ string: elf.interpreter, value: Buffer.alloc(size, "x") }]));
      expect(await length(4095)).toBeDefined();
      expect(await length(4096)).toBeUndefined();
    });
  });

  it("a table with more entries than old kernels accept", async () => {
    const { bytes, places } = elfImage({ ...whole, strings: [], room: 73 * 56 });
    bytes.writeUInt16LE(73, 56);
    expect(await grow(stored(bytes), (elf) => [elf.interpreter])).toBe(false);
    bytes.writeUInt16LE(72, 56);
    expect(places.programHeaders).toBe(64);
    expect(await grow(stored(bytes), (elf) => [elf.interpreter])).toBe(true);
  });

  it("some files with a wrong byte, but never throws", async () => {
    const { bytes } = elfImage({ ...whole, room: 64 });
    for (let at = 4; at < bytes.length; at += 3) {
      const wrong = Buffer.from(bytes);
      wrong[at] = 0xff;
      await grow(stored(wrong), everything);
    }
  });
});
