// Load commands of Mach-O files are rewritten by Spack's rules, in place or in the space before the first section.

import { MemoryFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import {
  LC_DYLD_ENVIRONMENT,
  LC_ID_DYLIB,
  LC_LAZY_LOAD_DYLIB,
  LC_LOAD_DYLIB,
  LC_LOAD_DYLINKER,
  LC_LOAD_UPWARD_DYLIB,
  LC_LOAD_WEAK_DYLIB,
  LC_REEXPORT_DYLIB,
  LC_RPATH,
} from "../../src/macho/load-command.js";
import { parseMachO } from "../../src/macho/macho-file.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateBinaryInMemory } from "../../src/relocate/relocate-binary.js";
import { fatImage, KINDS, type MachOShape, machOImage, USUAL_PATHS } from "../support/macho-images.js";

const SHORTER = new PrefixMap([
  ["/old/store/pkg-1", "/n/pkg-1"],
  ["/old/store", "/n"],
]);
const LONGER = new PrefixMap([
  ["/old/store/pkg-1", "/a/much/longer/store/pkg-1"],
  ["/old/store", "/a/much/longer/store"],
]);

function relocated(bytes: Buffer, map: PrefixMap, { name = "lib/libx.dylib", platform = "darwin" } = {}) {
  const file = new MemoryFile(Buffer.from(bytes));
  const blocked = relocateBinaryInMemory(file, { map, name, platform });
  return { bytes: file.bytes, blocked, paths: pathsOf(file) };
}

function pathsOf(file: MemoryFile): string[][] | undefined {
  return parseMachO(file)?.map(({ commands }) =>
    commands.flatMap(({ path }) => path?.value.toString() ?? []),
  );
}

/** Code for a processor that does not need a signature. */
const X86 = 0x01000007;
const image = (shape: MachOShape) => machOImage({ cpuType: X86, ...shape });

describe.each(KINDS)("relocateMachO: %s", (_, kind) => {
  it.each<[string, PrefixMap, string]>([
    ["shorter", SHORTER, "/n"],
    ["longer", LONGER, "/a/much/longer/store"],
  ])("moves commands for %s paths, and keeps everything else", (_name, map, root) => {
    const before = image({ ...kind, paths: USUAL_PATHS, padding: 300 });
    const { bytes, blocked, paths } = relocated(before, map);
    expect(blocked).toEqual([]);
    expect(paths).toEqual([USUAL_PATHS.map(([, path]) => path.replace("/old/store", root))]);
    // As if the linker had written those paths.
    const after = USUAL_PATHS.map(([type, path]) => [type, path.replace("/old/store", root)] as const);
    const commandsLonger = commandsEnd(image({ ...kind, paths: after })) - commandsEnd(before);
    expect(bytes).toEqual(image({ ...kind, paths: after, padding: 300 - commandsLonger }));
  });
});

/** Where the commands of an image without padding end. */
function commandsEnd(bytes: Buffer): number {
  const [slice] = parseMachO(new MemoryFile(bytes)) ?? [];
  return (slice?.format.headerSize ?? 0) + (slice?.commandsSize ?? 0);
}

describe("relocateMachO", () => {
  it("changes nothing in a file without known prefixes", () => {
    const before = machOImage({ paths: [[LC_LOAD_DYLIB, "/usr/lib/libz.dylib"]] });
    expect(relocated(before, LONGER).bytes).toEqual(before);
  });

  it("says how many bytes are missing before the first section", () => {
    const { blocked } = relocated(image({ paths: USUAL_PATHS, padding: 20 }), LONGER);
    expect(blocked).toMatchObject([
      { reason: "no-header-room", missing: 20, old: Buffer.from(USUAL_PATHS[0]?.[1] ?? "") },
      { reason: "no-header-room", missing: 20 },
      { reason: "no-header-room", missing: 20 },
    ]);
    expect(relocated(image({ paths: USUAL_PATHS, padding: 40 }), LONGER).blocked).toEqual([]);
  });

  it("uses the space up to the next segment if no section has content", () => {
    const { blocked } = relocated(image({ paths: USUAL_PATHS, padding: 20, text: "" }), LONGER);
    expect(blocked).toEqual([]);
  });

  it("does not use bytes between the commands and the first section that are not zero", () => {
    const bytes = image({ paths: USUAL_PATHS, padding: 300 });
    bytes[commandsEnd(bytes) + 39] = 1;
    expect(relocated(bytes, LONGER).blocked).toMatchObject([{ missing: 1 }, { missing: 1 }, { missing: 1 }]);
  });

  it("relocates the strings of the code, and not those of commands again", () => {
    const map = new PrefixMap([["/old", "/old/er"]]);
    const paths = [[LC_RPATH, "/old/lib"]] as const;
    const { bytes, blocked } = relocated(image({ paths, text: "no path\0" }), map);
    expect(blocked).toEqual([]);
    expect(bytes.includes("/old/er/lib\0")).toBe(true);
    const { blocked: strings } = relocated(image({ paths, text: "/old/share\0" }), map);
    expect(strings).toMatchObject([{ reason: "cannot-grow" }]);
  });

  it("tries the longest prefix first, and replaces each occurrence of it", () => {
    const map = new PrefixMap([
      ["/old", "/x"],
      ["/old/store", "/y"],
    ]);
    const paths = [[LC_LOAD_DYLIB, "/old/store/a/old/store/b"]] as const;
    expect(relocated(image({ paths }), map).paths).toEqual([["/y/a/y/b"]]);
  });

  describe.each([
    ["weak", LC_LOAD_WEAK_DYLIB],
    ["re-exported", LC_REEXPORT_DYLIB],
    ["lazy", LC_LAZY_LOAD_DYLIB],
    ["upward", LC_LOAD_UPWARD_DYLIB],
    ["loader", LC_LOAD_DYLINKER],
  ])("leaves a path to the search for C strings that Spack does not read: %s", (_, type) => {
    const before = image({ paths: [[type, "/old/store/lib/libz.dylib"]] });

    it("if it fits", () => {
      expect(relocated(before, SHORTER).paths).toEqual([["/////////n/lib/libz.dylib"]]);
    });

    it("unless it becomes longer", () => {
      expect(relocated(before, LONGER).paths).toEqual([["/a/much/longer/store/lib/libz.dylib"]]);
    });
  });

  it("replaces paths in an environment variable for dyld that do not fit", () => {
    const paths = [[LC_DYLD_ENVIRONMENT, "DYLD_LIBRARY_PATH=/old/store/a:/old/store/b"]] as const;
    expect(relocated(image({ paths }), LONGER).paths).toEqual([
      ["DYLD_LIBRARY_PATH=/a/much/longer/store/a:/a/much/longer/store/b"],
    ]);
  });

  it.each(["lib/libgcc_s.1.dylib", "lib/crt1.o"])("leaves %s to the search for C strings", (name) => {
    const before = image({ paths: [[LC_ID_DYLIB, "/old/store/lib/libz.dylib"]] });
    expect(relocated(before, SHORTER, { name }).paths).toEqual([["/////////n/lib/libz.dylib"]]);
    expect(relocated(before, LONGER, { name }).paths).toEqual([["/a/much/longer/store/lib/libz.dylib"]]);
  });

  it("leaves the commands in a package of another platform to the search for C strings", () => {
    const before = image({ paths: USUAL_PATHS.slice(0, 1) });
    const { bytes, paths } = relocated(before, SHORTER, { platform: "linux" });
    expect(paths).toEqual([["/////////n/pkg-1/lib/libx.dylib"]]);
    expect(bytes.length).toBe(before.length);
  });

  it("makes no two run paths equal that were not", () => {
    const map = new PrefixMap([
      ["/old/a", "/new/much/longer"],
      ["/old/b", "/new/much/longer"],
    ]);
    const paths = ["/old/a", "/old/b", "/new/much/longer/lib", "/old/a/lib"].map(
      (path) => [LC_RPATH, path] as const,
    );
    expect(relocated(image({ paths }), map).paths).toEqual([["/new/much/longer", "/new/much/longer/lib"]]);
  });

  it("keeps run paths equal that were", () => {
    const paths = [
      [LC_RPATH, "/old/store/lib"],
      [LC_RPATH, "/old/store/lib"],
    ] as const;
    expect(relocated(image({ paths }), SHORTER).paths).toEqual([["/n/lib", "/n/lib"]]);
  });

  it("relocates each architecture of a universal binary", () => {
    const fat = fatImage([
      image({ paths: USUAL_PATHS }),
      image({ is64: false, paths: USUAL_PATHS.slice(3) }),
    ]);
    const expected = USUAL_PATHS.map(([, path]) => path.replace("/old/store", "/a/much/longer/store"));
    expect(relocated(fat, LONGER).paths).toEqual([expected, expected.slice(3)]);
  });
});
