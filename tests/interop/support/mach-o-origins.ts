// Finds out from the bytes of a Mach-O file what it was written in, and what linked and signed it.

import { MemoryFile } from "../../../packages/files/src/memory-file.js";
import { type MachOSlice, parseMachO } from "../../../packages/spack-tarball/src/macho/macho-file.js";

/** What compilers and run-time libraries of languages leave in what they make. */
const LANGUAGES: readonly (readonly [language: string, mark: RegExp])[] = [
  ["C#", /System\.Private\.CoreLib/],
  ["C++", /\/usr\/lib\/libc\+\+\.1\.dylib|__ZNSt3__1/],
  ["Cython", /Cython/],
  ["Dart", /dart:core|kDartSnapshotData/],
  ["Fortran", /_gfortran_/],
  ["Go", /Go buildinf:/],
  ["Haskell", /GHC\.|hs_init/],
  ["Java", /com\.oracle\.svm/],
  ["Nim", /NimMain/],
  ["OCaml", /caml_startup/],
  ["Objective-C", /__objc_classlist/],
  ["Rust", /\/rustc\/[0-9a-f]{40}/],
  ["Swift", /__swift5_/],
];

const LC_VERSION_MIN = 0x24;
const LC_BUILD_VERSION = 0x32;
const TOOLS = new Map([
  [3, "ld"],
  [4, "lld"],
  [5, "zig"],
]);

const LINKER_SIGNED = 0x20000;
const AD_HOC = 0x2;

export interface Origins {
  readonly languages: readonly string[];
  readonly linkers: readonly string[];
  readonly signers: readonly string[];
}

export function originsOf(bytes: Buffer): Origins {
  const slices = parseMachO(new MemoryFile(bytes)) ?? [];
  const text = bytes.toString("latin1");
  const languages = LANGUAGES.filter(([, mark]) => mark.test(text)).map(([language]) => language);
  const linkers = slices.map((slice) => linkerOf(slice));
  if (linkers.includes("zig")) languages.push("Zig");
  return {
    languages: languages.length === 0 ? ["C"] : languages,
    linkers: unique(linkers),
    signers: unique(slices.map((slice) => signerOf(slice))),
  };
}

/** With its major version, which is about the year of its Xcode or LLVM. */
function linkerOf({ commands, format }: MachOSlice): string {
  const build = commands.find(({ type }) => type === LC_BUILD_VERSION)?.bytes;
  if (build === undefined)
    return commands.some(({ type }) => type === LC_VERSION_MIN) ? "ld before 2018" : "another";
  const count = build.length < 32 ? 0 : format.word(build, 20);
  if (count === 0) return "the language's own";
  const version = format.word(build, 28) >>> 16;
  const name = TOOLS.get(format.word(build, 24)) ?? "another";
  return version === 0 ? name : `${name} ${version}`;
}

function signerOf({ commands, format, reader }: MachOSlice): string {
  const command = commands.find(({ type }) => type === 0x1d)?.bytes;
  if (command === undefined) return "nobody";
  const signature = reader.read(format.word(command, 8), format.word(command, 12));
  const flags = signature.readUInt32BE(signature.indexOf(Buffer.from("fade0c02", "hex")) + 12);
  if ((flags & LINKER_SIGNED) !== 0) return "the linker";
  return (flags & AD_HOC) === 0 ? "a developer" : "codesign";
}

export function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
