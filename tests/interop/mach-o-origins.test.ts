// The Mach-O files of the other tests come from many compilers, linkers and signers.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { originsOf, unique } from "./support/mach-o-origins.js";
import { machOSamples, packageOf } from "./support/mach-o-samples.js";

const files = machOSamples();

/** Per package: number of files, what they were written in, and what linked and signed them. */
const ORIGINS = `
@avh4-elm-format-darwin-arm64@0.8.8-1: 1 in Haskell; linked by ld 1115; signed by the linker
@esbuild-darwin-arm64@0.25.5: 1 in Go; linked by the language's own; signed by the linker
@esbuild-darwin-x64@0.25.5: 1 in Go; linked by the language's own; signed by nobody
@img-sharp-libvips-darwin-arm64@1.1.0: 1 in C++, Objective-C, Rust; linked by ld 1022; signed by the linker
@koromix-koffi-darwin-arm64@3.3.4: 1 in C++; linked by ld 711; signed by the linker
@opentui-core-darwin-arm64@0.4.5: 1 in C++, Zig; linked by zig; signed by the linker
@parcel-watcher-darwin-arm64@2.5.1: 1 in C++; linked by ld 1053; signed by the linker
@parcel-watcher-darwin-x64@2.5.1: 1 in C++; linked by ld 1053; signed by nobody
@prettier-apex-apex-ast-serializer-darwin-arm64@2.3.0: 1 in Java; linked by ld 1167; signed by the linker
@rescript-darwin-arm64@12.2.0: 7 in C++, OCaml, Rust; linked by ld 1167; signed by the linker
@rollup-rollup-darwin-arm64@4.43.0: 1 in Rust; linked by ld 1053; signed by the linker
@rollup-rollup-darwin-x64@4.43.0: 1 in Rust; linked by ld before 2018; signed by nobody
@vscode-vsce-sign-darwin-arm64@2.0.6: 1 in C#, C++, Swift; linked by ld 1022; signed by codesign
clang-format-20.1.6-macosx_11_0_arm64: 1 in C++; linked by ld 1053; signed by the linker
cryptography-45.0.4-macosx_10_9_universal2: 1 in Rust; linked by ld 1022, ld before 2018; signed by nobody, the linker
fsevents@2.3.3: 1 in C++; linked by ld 820; signed by nobody, the linker
get-windows@9.3.0: 4 in C++, Swift; linked by ld 1053, ld 1230, ld 820, ld before 2018; signed by nobody, the linker
h5py-3.13.0-macosx_11_0_arm64: 27 in C, Cython; linked by ld 1053; signed by codesign
nim-mmcif-0.0.21-macosx_11_0_arm64: 2 in C, Nim; linked by ld 1167; signed by the linker
ninja-1.11.1.4-macosx_10_9_universal2: 1 in C++; linked by ld 1022, ld before 2018; signed by nobody, the linker
numpy-1.26.4-macosx_10_9_x86_64: 23 in C, C++, Cython, Fortran; linked by ld before 2018; signed by codesign, nobody
numpy-2.2.6-macosx_14_0_arm64: 19 in C, C++, Cython; linked by ld 951; signed by the linker
pyobjc-core-11.1-macosx_10_9_universal2: 2 in C, Objective-C; linked by ld 1167, ld before 2018; signed by nobody, the linker
pyzmq-26.4.0-macosx_10_15_universal2: 3 in C, C++, Cython; linked by ld 1053; signed by codesign
sass-embedded-darwin-arm64@1.105.0: 2 in Dart; linked by lld 23, the language's own; signed by a developer, the linker
sqlite-vec-darwin-arm64@0.1.6: 1 in C; linked by ld 1053; signed by the linker
`;

describe.skipIf(files.length === 0)("Mach-O files of npm and PyPI", () => {
  it("come from many compilers, linkers and signers", () => {
    const table = unique(files.map(packageOf)).map((name) => {
      const own = files.filter((file) => packageOf(file) === name);
      const origins = own.map((file) => originsOf(readFileSync(file)));
      const [languages, linkers, signers] = (["languages", "linkers", "signers"] as const).map((key) =>
        unique(origins.flatMap((each) => each[key])).join(", "),
      );
      return `${name}: ${own.length} in ${languages}; linked by ${linkers}; signed by ${signers}`;
    });
    expect(table).toEqual(ORIGINS.trim().split("\n"));
    const languages = new Set(files.flatMap((file) => originsOf(readFileSync(file)).languages));
    expect(languages.size).toBeGreaterThanOrEqual(14);
  });
});
