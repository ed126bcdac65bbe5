// Real Mach-O files of many compilers are relocated and signed, and LLVM reads the same in them.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MemoryFile } from "../../packages/files/src/memory-file.js";
import { type MachOSlice, parseMachO } from "../../packages/spack-tarball/src/macho/macho-file.js";
import { signFile } from "../../packages/spack-tarball/src/macho/sign/sign-file.js";
import { PrefixMap } from "../../packages/spack-tarball/src/prefixes/prefix-map.js";
import { relocateBinaryInMemory } from "../../packages/spack-tarball/src/relocate/relocate-binary.js";
import { signaturesIn } from "../../packages/spack-tarball/test/support/macho-signatures.js";
import { scratchDirectory } from "../support/scratch.js";
import { loadCommands, withoutSizes } from "./support/mach-o-commands.js";
import { allRelocated, OLD, PREFIXES, relocated, WITHOUT_ROOM, written } from "./support/mach-o-relocated.js";
import { machOSamples, SIGNED_BY_CODESIGN } from "./support/mach-o-samples.js";
import { describeWithTools, output } from "./support/tool.js";

const MINUTES = 600_000;

const files = machOSamples();
const scratch = scratchDirectory("mach-o");

describe.skipIf(files.length === 0)("Mach-O files of npm and PyPI", () => {
  it("are many", () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it("do not change if they contain no known prefix", () => {
    const map = new PrefixMap([["/no/such/store", "/elsewhere"]]);
    for (const file of files) {
      const content = new MemoryFile(readFileSync(file));
      expect(relocateBinaryInMemory(content, { map, name: file, platform: "darwin" }), file).toEqual([]);
      expect(content.isChanged, file).toBe(false);
    }
  });

  it.each(Object.entries(PREFIXES))("fit, but for one without any padding: %s", (name, prefix) => {
    const blocked = files.filter((file) => relocated(file, prefix).blocked.length > 0);
    expect(blocked).toEqual(name === "longer" ? [expect.stringContaining(WITHOUT_ROOM)] : []);
    for (const file of blocked)
      expect(relocated(file, prefix).blocked).toMatchObject([{ reason: "no-header-room", missing: 24 }]);
  });

  it.each(Object.entries(PREFIXES))(
    "have right digests of all pages after moving to a prefix: %s",
    (_, prefix) => {
      let signed = 0;
      for (const [file, content] of allRelocated(files, prefix)) {
        expect(content.bytes.includes(prefix), file).toBe(true);
        for (const { wrongPages, flags } of signaturesIn(content)) {
          expect({ file, wrongPages, flags }).toEqual({ file, wrongPages: [], flags: 2 });
          signed += 1;
        }
      }
      expect(signed).toBeGreaterThan(80);
    },
  );

  it.each(Object.entries(PREFIXES))(
    "keep every byte between the load commands and the signature: %s",
    (_, prefix) => {
      for (const [file, content] of allRelocated(files, prefix)) {
        const before = parseMachO(new MemoryFile(readFileSync(file))) ?? [];
        const after = parseMachO(content) ?? [];
        expect(after.length, file).toBe(before.length);
        for (const [index, slice] of before.entries()) {
          const place = contentsOf(slice);
          const [old, found] = [slice, after[index]].map((each) =>
            each?.reader.read(place.start, place.size),
          );
          if (old === undefined || found === undefined) throw new Error("no such architecture");
          for (const [start, end] of stringsWith(OLD, old)) {
            old.fill(0, start, end);
            found.fill(0, start, end);
          }
          expect(found.equals(old), file).toBe(true);
        }
      }
    },
  );

  it("that codesign signed ad hoc get the same signature again, byte for byte", () => {
    const own = files.filter((file) => SIGNED_BY_CODESIGN.test(file));
    expect(own.length).toBeGreaterThan(25);
    for (const file of own) {
      const before = readFileSync(file);
      const content = new MemoryFile(Buffer.from(before));
      expect(signFile(content, { name: file, changes: [{ offset: 0, size: before.length }] })).toEqual({
        hadIdentity: false,
      });
      expect(content.bytes.equals(before), file).toBe(true);
    }
  });
});

/** What follows the load commands, up to the signature. */
function contentsOf({ segments, commands, format, reader }: MachOSlice): { start: number; size: number } {
  const sections = segments.flatMap((segment) => segment.sections);
  const used = sections.filter(({ size, offset, isZeroFill }) => size > 0 && offset > 0 && !isZeroFill);
  const lastSegment = segments.find(({ name }) => name === "__LINKEDIT")?.offset ?? 0;
  const start = Math.min(lastSegment, ...used.map(({ offset }) => offset));
  const signature = commands.find(({ type }) => type === 0x1d)?.bytes;
  const end = signature === undefined ? reader.size : format.word(signature, 8);
  return { start, size: end - start };
}

/** Where the C strings are that contain a text. */
function stringsWith(text: string, bytes: Buffer): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
    found.push([bytes.lastIndexOf(0, at) + 1, bytes.indexOf(0, at)]);
  return found;
}

describeWithTools("llvm-objdump", "llvm-readobj")("LLVM", () => {
  it.skipIf(files.length === 0).each(Object.entries(PREFIXES))(
    "reads the same commands but for the path: %s",
    async (_, prefix) => {
      for (const [file, content] of allRelocated(files, prefix)) {
        const found = await loadCommands(written(scratch, content));
        const before = await loadCommands(file);
        const moved = before.map((lines) => lines.map((line) => line.replace(` ${OLD}`, ` ${prefix}`)));
        expect(withoutSizes(found), file).toEqual(withoutSizes(moved));
      }
    },
    MINUTES,
  );

  it.skipIf(files.length === 0)(
    "reads the same headers, sections, symbols and libraries but for the path",
    async () => {
      for (const [file, content] of allRelocated(files, PREFIXES.longer)) {
        const found = await structure(written(scratch, content));
        const before = await structure(file);
        expect(found, file).toEqual(before.map((line) => line.replace(OLD, PREFIXES.longer)));
      }
    },
    MINUTES,
  );
});

/** Lines of what llvm-readobj finds, without the name of the file and the size of the load commands. */
async function structure(file: string): Promise<string[]> {
  const options = ["--file-headers", "--sections", "--symbols", "--needed-libs", "--macho-data-in-code"];
  const text = await output("llvm-readobj", ...options, "--macho-dysymtab", file);
  return text.split("\n").filter((line) => !/^(File: | *SizeOfLoadCommands: )/.test(line));
}
