// Linked programs still run after their strings have grown to a root that begins with the old one.

import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { openFile } from "@spack-oci/files";
import { beforeAll, describe, expect, it } from "vitest";
import type { BuildInfo } from "../../src/build-info/build-info.js";
import { parseElf } from "../../src/elf/elf-file.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateElf } from "../../src/relocate/relocate-elf.js";
import { relocatePrefix } from "../../src/relocate/relocate-prefix.js";
import { unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked } from "../support/bytes.js";
import { freshPath, temporaryDirectory } from "../support/directories.js";
import { spackPackages } from "../support/spack-packages.js";
import { available, run } from "../support/tools.js";

const LOADER = "/lib64/ld-linux-x86-64.so.2";
const readelf = available("readelf");
const patchelf = available("patchelf");

function listing(relocateBinaries: readonly string[]): BuildInfo {
  return {
    sbangInstallPath: undefined,
    buildPath: "/old",
    spackPrefix: undefined,
    relativePrefix: undefined,
    hashToPrefix: new Map(),
    hardlinksDeduped: true,
    relocateBinaries,
    relocateLinks: [],
    relocateTextFiles: [],
  };
}

/** The warnings and errors of readelf. */
function complaints(path: string): string {
  return readelf ? run("sh", ["-c", 'readelf -aW "$1" 2>&1 >/dev/null', "sh", path]).toString() : "";
}

describe.runIf(available("gcc") && existsSync(LOADER))("what gcc links", () => {
  const work = temporaryDirectory();
  const old = join(work, "old");
  const grown = join(old, "and/much/longer/than/it/was");
  const SOURCES = {
    "one.c": "int one(void) { return 1; }\n",
    "main.c":
      "#include <stdio.h>\nint one(void);\nstatic char room[SIZE];\n" +
      'int main(int n, char **a) { room[n] = 1; printf("%d %d\\n", one(), room[n]); return 0; }\n',
    "plain.c": '#include <stdio.h>\nint main(void) { puts("1 1"); return 0; }\n',
    "start.c": START,
    "one.map": "ONE_1.0 { global: one; };\n",
  };

  beforeAll(() => {
    mkdirSync(join(old, "lib"), { recursive: true });
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(work, name), text);
    symlinkSync(LOADER, join(old, "lib/ld.so"));
    const lib = (...args: string[]) =>
      run("gcc", ["-shared", "-fPIC", "-g", join(work, "one.c"), `-Wl,-rpath,${old}/lib`, ...args]);
    lib("-o", join(old, "lib/libone.so"), "-Wl,-soname,libone.so");
    const path = join(old, "lib/libabsolute.so");
    lib("-o", path, `-Wl,-soname,${path}`, `-Wl,--version-script,${join(work, "one.map")}`);
    // Below the new root, too, where the grown programs look for it.
    mkdirSync(join(grown, "lib"), { recursive: true });
    for (const name of ["libone.so", "libabsolute.so"])
      copyFileSync(join(old, "lib", name), join(grown, "lib", name));
    symlinkSync(LOADER, join(grown, "lib/ld.so"));
  });

  const runs = ["-Wl,-rpath,OLD/lib", "-Wl,--dynamic-linker=OLD/lib/ld.so", "main.c", "-LOLD/lib"];
  it.each([
    ["a program with DT_RUNPATH", [...runs, "-lone", "-Wl,--enable-new-dtags"]],
    ["a program with DT_RPATH", [...runs, "-lone", "-Wl,--disable-new-dtags"]],
    ["a program at a fixed address", [...runs, "-lone", "-no-pie"]],
    ["a program with much memory", [...runs, "-lone", "-USIZE", "-DSIZE=50000000"]],
    ["a stripped program", [...runs, "-lone", "-s"]],
    ["a program with debugging information", [...runs, "-lone", "-g3"]],
    ["a program without build id", [...runs, "-lone", "-Wl,--build-id=none"]],
    [
      "a program without notes",
      [...runs, "-lone", "-Wl,--build-id=none", "-Wl,-z,nognustack", "-nostartfiles", "start.c"],
    ],
    ["a program with large pages", [...runs, "-lone", "-Wl,-z,max-page-size=0x200000"]],
    ["a program in one segment", [...runs, "-lone", "-Wl,-z,noseparate-code", "-Wl,--hash-style=both"]],
    ["a program bound to a library by its path", [...runs, "-labsolute"]],
    ...(available("ld.gold") ? [["a program that gold linked", [...runs, "-lone", "-fuse-ld=gold"]]] : []),
  ] as [string, string[]][])("%s", async (name, args) => {
    const program = name.replaceAll(" ", "-");
    const linked = args.map((arg) => (arg.endsWith(".c") ? join(work, arg) : arg.replaceAll("OLD", old)));
    run(
      "gcc",
      ["-DSIZE=100", ...linked, "-o", join(old, program)].sort((left) => (left === "-DSIZE=100" ? -1 : 0)),
    );
    expect(run(join(old, program), []).toString()).toBe("1 1\n");
    copyFileSync(join(old, program), join(grown, program));
    linkSync(join(grown, program), join(grown, `${program}-linked`));
    const { ino, mode } = statSync(join(grown, program));
    await relocatePrefix(grown, listing([program]), { map: new PrefixMap([[old, grown]]) });
    expect(statSync(join(grown, `${program}-linked`))).toMatchObject({ ino, mode });
    expect(run(join(grown, program), []).toString()).toBe("1 1\n");
    expect(complaints(join(grown, program))).toBe("");
    const bytes = readFileSync(join(grown, program));
    expect(bytes.includes(`${grown}/lib\0`)).toBe(true);
    expect(bytes.includes(`\0${old}/lib`)).toBe(false);
  });

  it("a program larger than 2 GiB", async () => {
    const program = join(grown, "large");
    const args = runs.map((arg) => (arg === "main.c" ? join(work, arg) : arg.replaceAll("OLD", old)));
    run("gcc", ["-DSIZE=100", ...args, "-lone", "-o", program]);
    truncateSync(program, 3 * 2 ** 30);
    const file = await openFile(program, "r+");
    const {
      relocated: [growth],
    } = await relocateElf(file, new PrefixMap([[old, grown]]));
    await file.close();
    expect(growth?.offset).toBeGreaterThan(3 * 2 ** 30);
    expect(run(program, []).toString()).toBe("1 1\n");
    expect(complaints(program)).toBe("");
  });

  it.runIf(available("strip"))("files that are stripped later", async () => {
    const program = join(grown, "strip");
    const args = runs.map((arg) => (arg === "main.c" ? join(work, arg) : arg.replaceAll("OLD", old)));
    run("gcc", ["-DSIZE=100", "-g", ...args, "-lone", "-o", program]);
    await relocatePrefix(grown, listing(["strip", "lib/libone.so"]), { map: new PrefixMap([[old, grown]]) });
    for (const name of ["strip", "lib/libone.so"]) run("strip", [join(grown, name)]);
    expect(run(program, []).toString()).toBe("1 1\n");
    expect(run(LOADER, ["--list", program]).toString()).toContain(`${grown}/lib/libone.so`);
    expect(complaints(program) + complaints(join(grown, "lib/libone.so"))).toBe("");
  });

  it.each([
    ["a static program", (to: string) => run("gcc", [join(work, "plain.c"), "-static-pie", "-o", to])],
    [
      "the debugging information of a program, stripped to a file",
      (to: string) => {
        run("gcc", [
          join(work, "plain.c"),
          `-Wl,-rpath,${old}`,
          `-Wl,--dynamic-linker=${old}/ld.so`,
          "-g",
          "-o",
          to,
        ]);
        run("objcopy", ["--only-keep-debug", to]);
      },
    ],
    ["an object file", (to: string) => run("gcc", [join(work, "plain.c"), "-c", "-o", to])],
  ])("%s, in which there is nothing to grow", async (name, make) => {
    const path = join(grown, name.replaceAll(" ", "-"));
    make(path);
    const bytes = readFileSync(path);
    await relocatePrefix(grown, listing([name.replaceAll(" ", "-")]), { map: new PrefixMap([[old, grown]]) });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it("a library whose name is a path, with programs linked before and after", async () => {
    const [library, before, after] = ["lib/libabsolute.so", "linked-before", "linked-after"];
    const main = [join(work, "main.c"), "-DSIZE=100"];
    run("gcc", [...main, join(grown, library), "-o", join(grown, before)]);
    await relocatePrefix(grown, listing([library, before]), { map: new PrefixMap([[old, grown]]) });
    run("gcc", [...main, join(grown, library), "-o", join(grown, after)]);
    for (const program of [before, after]) {
      expect(run(join(grown, program), []).toString()).toBe("1 1\n");
      expect(run(LOADER, ["--list", join(grown, program)]).toString()).toContain(join(grown, library));
      if (patchelf)
        expect(run("patchelf", ["--print-needed", join(grown, program)]).toString()).toContain(
          `${grown}/lib`,
        );
    }
    expect(complaints(join(grown, library))).toBe("");
  });

  it("strings that share their ends with a run path", async () => {
    // The linker keeps one string for "/old/lib" and its ending, "lib".
    const library = join(grown, "libshared.so");
    writeFileSync(join(work, "shared.c"), "int lib(void) { return 1; }\nint ib(void) { return 2; }\n");
    run("gcc", ["-shared", "-fPIC", join(work, "shared.c"), `-Wl,-rpath,${old}/lib`, "-o", library]);
    await relocatePrefix(grown, listing(["libshared.so"]), { map: new PrefixMap([[old, grown]]) });
    const symbols = run("nm", ["-D", "--defined-only", "--format=just-symbols", library]).toString();
    expect(symbols.split("\n")).toEqual(expect.arrayContaining(["lib", "ib"]));
    expect(readFileSync(library).includes(`${grown}/lib\0`)).toBe(true);
    expect(complaints(library)).toBe("");
  });
});

describe("packages that a real Spack built", () => {
  const NEW = `/somewhere/else${"/and/deeper".repeat(30)}`;
  const directory = freshPath();
  let info: BuildInfo;

  beforeAll(async () => {
    const layer = spackPackages().find(({ name }) => name === "tricky-lite")?.layer ?? Buffer.alloc(0);
    ({ buildInfo: info } = await unpackLayer(chunked(layer), directory));
  });

  it("get the same run paths and interpreters as from patchelf, for any machine", async () => {
    const machines = new Set<string>();
    for (const listed of info.relocateBinaries) {
      const [ours, theirs] = [join(directory, listed), freshPath("theirs")];
      copyFileSync(ours, theirs);
      const file = await openFile(ours, "r+");
      const before = await parseElf(file);
      const {
        relocated: [growth],
      } = await relocateElf(file, new PrefixMap([[info.buildPath, NEW]]));
      const after = await parseElf(file);
      await file.close();
      if (before === undefined || growth === undefined) continue;
      const text = (string: { value: Buffer } | undefined) => string?.value.toString("latin1");
      const moved = (string: string | undefined) => string?.replaceAll(info.buildPath, NEW);
      expect(text(after?.interpreter), listed).toBe(moved(text(before.interpreter)));
      expect(after?.names.map(text), listed).toEqual(before.names.map((name) => moved(text(name))));
      expect(complaints(ours), listed).toBe("");
      machines.add(`${before.header.machine} ${before.reader.format.is64 ? 64 : 32}`);
      if (!patchelf) continue;
      // As Spack runs it (relocate.py, `_set_elf_rpaths_and_interpreter`).
      const runPath = text(after?.runPath) ?? "";
      const interpreter = text(after?.interpreter);
      const paths = interpreter === undefined ? [] : ["--set-interpreter", interpreter];
      run("patchelf", ["--force-rpath", "--set-rpath", runPath, ...paths, theirs]);
      const print = [...(interpreter === undefined ? [] : ["--print-interpreter"]), "--print-rpath"];
      expect(run("patchelf", [...print, ours]), listed).toEqual(run("patchelf", [...print, theirs]));
    }
    // i386, s390 and x86-64.
    expect([...machines].sort()).toEqual(["22 64", "3 32", "62 64"]);
  });
});

/** The entry code of a program, without notes. */
const START = `int one(void); int main(int n, char **a); void exit(int); int fflush(void *);
__asm__(".globl _start\\n_start: and $-16, %rsp\\n xor %rdi, %rdi\\n xor %rsi, %rsi\\n call begin\\n");
void begin(void) { main(0, 0); fflush(0); exit(0); }\n`;
