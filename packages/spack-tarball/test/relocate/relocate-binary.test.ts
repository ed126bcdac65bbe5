// Each binary format is relocated in its own way, and only the strings of other files.

import { readFileSync, writeFileSync } from "node:fs";
import { MemoryFile, openFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import type { BinaryFormat } from "../../src/classify/binary-format.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateBinary, relocateBinaryInMemory } from "../../src/relocate/relocate-binary.js";
import { freshPath } from "../support/directories.js";
import { DT_RUNPATH, elfImage } from "../support/elf-images.js";
import { fatImage, machOImage, USUAL_PATHS } from "../support/macho-images.js";

const MAP = new PrefixMap([["/old/store", "/n/store"]]);

/** Relocates a file, and counts how often its magic is read. */
async function stringsOf(bytes: Buffer, format?: BinaryFormat) {
  const path = freshPath();
  writeFileSync(path, bytes);
  const file = await openFile(path, "r+");
  let magicReads = 0;
  const readNow = file.readNow.bind(file);
  file.readNow = (buffer, position) => {
    if (buffer.length === 8) magicReads += 1;
    return readNow(buffer, position);
  };
  try {
    const blocked = await relocateBinary({ file, path }, { map: MAP, name: "file", known: format });
    const text = readFileSync(path, "latin1");
    return { text, blocked, magicReads };
  } finally {
    await file.close();
  }
}

const ELF = elfImage({
  is64: true,
  bigEndian: false,
  interpreter: "/old/store/ld.so",
  strings: [[DT_RUNPATH, "/old/store/lib:/usr/lib"]],
}).bytes;
const machO = (magic: number[]) => Buffer.concat([Buffer.from(magic), Buffer.from("\0/old/store/lib\0")]);

/** What becomes of a file of macOS on disk and in memory. */
async function machORelocated(bytes: Buffer) {
  const path = freshPath();
  writeFileSync(path, bytes);
  const relocation = { map: MAP, name: "lib/libx.dylib", platform: "darwin" };
  const file = await openFile(path, "r+");
  const onDisk = await relocateBinary({ file, path }, relocation);
  await file.close();
  const memory = new MemoryFile(Buffer.from(bytes));
  const inMemory = relocateBinaryInMemory(memory, relocation);
  return { onDisk, inMemory, bytesOnDisk: readFileSync(path), bytesInMemory: memory.bytes };
}

describe("relocateBinary", () => {
  it.each([
    ["a library of macOS", machOImage({ paths: USUAL_PATHS, text: "/old/store/share\0" })],
    ["a universal library", fatImage([machOImage({ paths: USUAL_PATHS }), machOImage({})])],
    ["a library without a prefix", machOImage({})],
    ["a library without room for a string", machOImage({ text: "/old/store\0" })],
  ])("does the same with %s on disk and in memory", async (_, bytes) => {
    const { onDisk, inMemory, bytesOnDisk, bytesInMemory } = await machORelocated(bytes);
    expect(onDisk).toEqual(inMemory);
    expect(bytesOnDisk).toEqual(bytesInMemory);
  });

  it("rewrites the whole run path of an ELF file and pads its end", async () => {
    const { text, blocked } = await stringsOf(ELF);
    expect(blocked).toEqual([]);
    expect(text).toContain("\0/n/store/lib:/usr/lib\0");
    expect(text).not.toContain("/old/store");
  });

  it.each([
    ["a Mach-O file", machO([0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1])],
    ["a universal binary", machO([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2])],
    ["a file of no known format", machO([1, 2, 3, 4, 5, 6, 7, 8])],
  ])("pads strings with leading slashes in %s", async (_, bytes) => {
    const { text, blocked } = await stringsOf(bytes);
    expect(blocked).toEqual([]);
    expect(text).toContain("///n/store/");
    expect(text).not.toContain("/old/store");
    expect(text.length).toBe(bytes.length);
  });

  it("does not change a file that is shorter than a magic", async () => {
    expect((await stringsOf(Buffer.from("\x7fEL", "latin1"))).text).toBe("\x7fEL");
  });

  it("does not detect the format of a file again that was classified", async () => {
    expect((await stringsOf(ELF)).magicReads).toBe(1);
    const known = await stringsOf(ELF, "elf");
    expect(known.magicReads).toBe(0);
    expect(known.text).toBe((await stringsOf(ELF)).text);
  });

  it("relocates the strings of a file that only looks like ELF", async () => {
    const { text } = await stringsOf(Buffer.from("\x7fELF....\0/old/store/lib\0", "latin1"), "elf");
    expect(text).toBe("\x7fELF....\0///n/store/lib\0");
  });
});
