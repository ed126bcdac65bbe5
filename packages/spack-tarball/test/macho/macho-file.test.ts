// The parser reads Mach-O files written field by field, and rejects broken ones.

import { MemoryFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { parseMachO } from "../../src/macho/macho-file.js";
import { fatImage, KINDS, machOImage, USUAL_PATHS } from "../support/macho-images.js";

function parsed(bytes: Buffer) {
  return parseMachO(new MemoryFile(bytes))?.map(({ commands, segments, fileType }) => ({
    paths: commands.flatMap(({ path }) => path?.value.toString() ?? []),
    segments: segments.map(({ name, sections }) => [name, ...sections.map((section) => section.name)]),
    fileType,
  }));
}

const USUAL = {
  paths: USUAL_PATHS.map(([, path]) => path),
  segments: [["__TEXT", "__text"], ["__LINKEDIT"]],
  fileType: 6,
};

describe.each(KINDS)("parseMachO: %s", (_, kind) => {
  const image = machOImage({ ...kind, paths: USUAL_PATHS });

  it("finds paths, segments and sections", () => {
    expect(parsed(image)).toEqual([USUAL]);
  });

  it("finds those of each architecture of a universal binary", () => {
    expect(parsed(fatImage([image, machOImage({})]))).toEqual([USUAL, { ...USUAL, paths: [] }]);
  });

  it("finds nothing in a file that ends before its last command does", () => {
    const end = image.indexOf("@loader_path/../lib");
    for (let length = 0; length < end; length += 1)
      expect(parsed(image.subarray(0, length)), `${length} bytes`).toBeUndefined();
  });

  it("never throws for a file with any wrong byte", () => {
    const fat = fatImage([image, image]);
    for (const bytes of [image, fat.subarray(0, 6000)]) {
      for (let at = 0; at < Math.min(bytes.length, 1000); at += 1) {
        const wrong = Buffer.from(bytes);
        wrong[at] = 0xff;
        parsed(wrong);
      }
    }
  });
});

describe("parseMachO", () => {
  const fat = fatImage([machOImage({}), machOImage({})]);

  it.each<[what: string, at: number, word: number]>([
    ["no architecture", 4, 0],
    ["as many architectures as a Java class", 4, 52],
    ["an architecture in the header", 16, 0],
    ["architectures that overlap", 36, fat.readUInt32BE(16) + 1],
    ["an architecture beyond the end", 40, fat.length],
    ["an impossible alignment", 24, 32],
  ])("does not read a universal binary with %s", (_, at, word) => {
    const bytes = Buffer.from(fat);
    bytes.writeUInt32BE(word, at);
    expect(parsed(bytes)).toBeUndefined();
  });

  it("does not read a universal binary with something else inside", () => {
    expect(parsed(fatImage([machOImage({}), Buffer.from("!<arch>\n".padEnd(100))]))).toBeUndefined();
  });

  it.each([0, 23, 1000])("finds no path at %i, outside of its command", (start) => {
    const bytes = machOImage({ paths: USUAL_PATHS.slice(0, 1) });
    bytes.writeUInt32LE(start, bytes.indexOf("/old/store") - 16);
    expect(parsed(bytes)).toMatchObject([{ paths: [] }]);
  });
});
