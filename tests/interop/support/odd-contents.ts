// Fills a prefix with everything that packing and relocation could misjudge: formats, names, modes and links.

import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiler } from "../../support/built-store.js";

/** Names that some shell, archive, encoding or YAML reader trips over, and that Spack itself writes and reads. */
const ODD_NAMES: readonly (string | Buffer)[] = [
  "two words",
  " leading and trailing ",
  "it's",
  'double "quotes"',
  "both ' and \"",
  "line\nfeed",
  "carriage\rreturn",
  "tab\tbed",
  "back\\slash",
  "-dash",
  "#hash",
  "colon: space",
  "brackets [a, b] {c}",
  "*star*",
  "äöü-composed",
  "a\u0308-decomposed",
  "日本語",
  "smile-\u{1f600}",
  "nbsp\u00a0here",
  `long-${"n".repeat(200)}`,
  `long-é-${"é".repeat(100)}`,
  Buffer.from("latin-\xe9\xff", "latin1"),
];

/** Where a package is, and what its files mention. */
export interface OddPlace {
  readonly prefix: string;
  /** The prefix of a package that it runs with. */
  readonly dependency: string;
  /** The root of the install tree. */
  readonly root: string;
}

/** Writes all odd contents below `share/odd`. */
export function addOddContents(place: OddPlace): void {
  const directory = join(place.prefix, "share", "odd");
  mkdirSync(directory, { recursive: true });
  addTexts(directory, place);
  addNames(directory, place);
  addLinksAndModes(directory, place);
  addDataFormats(directory, place);
  if (compiler !== undefined) addObjectFiles(directory, place, compiler);
}

function addTexts(directory: string, { prefix, dependency, root }: OddPlace): void {
  const text = `${prefix}/lib\n${dependency}/lib:${root}/bin\n`;
  const texts: Readonly<Record<string, string | Buffer>> = {
    "lib-odd.la": `libdir='${prefix}/lib'\ndependency_libs=' -L${dependency}/lib ${dependency}/lib/lib-dep.la'\n`,
    "odd.pc": `prefix=${prefix}\nlibdir=\${prefix}/lib\nLibs: -L${dependency}/lib -Wl,-rpath,${dependency}/lib\n`,
    "odd-sbang": `#!/bin/sh ${root}/bin/sbang\n#!/usr/bin/perl -w\n# ${prefix}\n`,
    "byte-order-mark": `\ufeff${text}`,
    "carriage-returns": text.replaceAll("\n", "\r\n"),
    latin1: Buffer.from(`caf\xe9 ${text}`, "latin1"),
    "windows-1252": Buffer.from(`\x93quoted\x94 ${text}`, "latin1"),
    utf16: Buffer.from(text, "utf16le"),
    "with-nul": `${text}\0${prefix}\0`,
    "surrogate-in-utf8": Buffer.concat([Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(text)]),
    empty: "",
    short: "1234567",
    "only-prefix": prefix,
    neighbors: [
      `${prefix}x`,
      `x${prefix}`,
      `/x${prefix}`,
      `-I${prefix}`,
      `file://${prefix}/`,
      `${prefix}-1/`,
      `${root}x`,
      `é${prefix}é`,
      `${prefix}${prefix}`,
      `//${prefix}`,
    ].join("\n"),
    "across-chunks": `${"x".repeat(65_530)} ${prefix} ${"y".repeat(131_000)} ${dependency} ${"é".repeat(700)}`,
  };
  for (const [name, content] of Object.entries(texts)) writeFileSync(join(directory, name), content);
}

function addNames(directory: string, { prefix }: OddPlace): void {
  mkdirSync(join(directory, "names"));
  const below = (...parts: (string | Buffer)[]) =>
    Buffer.concat(
      [`${directory}/names`, ...parts].flatMap((part) => [Buffer.from("/"), Buffer.from(part)]).slice(1),
    );
  for (const name of ODD_NAMES) {
    writeFileSync(below(name), `${prefix}/lib\n`);
    const inside = Buffer.concat([Buffer.from("in "), Buffer.from(name).subarray(0, 250)]);
    mkdirSync(below(inside));
    symlinkSync(`${prefix}/lib`, below(inside, name));
    linkSync(below(name), below(inside, "again"));
  }
}

function addLinksAndModes(directory: string, { prefix, dependency, root }: OddPlace): void {
  const links: Readonly<Record<string, string>> = {
    own: `${prefix}/share/odd/empty`,
    dependency: `${dependency}/lib`,
    root,
    itself: prefix,
    neighbor: `${prefix}x/lib`,
    dangling: `${prefix}/no such file`,
    relative: "../../no/such",
    elsewhere: "/etc/no-such-file",
    doubled: `/${prefix}//lib`,
    "non-ascii": `${prefix}/lib/日本 語'"`,
  };
  mkdirSync(join(directory, "links"));
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(directory, "links", name));
  mkdirSync(join(directory, "modes"));
  for (const mode of [0o400, 0o444, 0o555, 0o600, 0o644, 0o664, 0o755, 0o777, 0o2755, 0o4755]) {
    const path = join(directory, "modes", mode.toString(8));
    writeFileSync(path, `${prefix}\n`);
    chmodSync(path, mode);
  }
  mkdirSync(join(directory, "modes", "empty-directory"));
  mkdirSync(join(directory, "modes", "shared-directory"));
  chmodSync(join(directory, "modes", "shared-directory"), 0o2775);
}

/** Made by Python, whose modules write the formats themselves. */
const FORMATS = `
import gzip, marshal, os, pickle, py_compile, sqlite3, sys, zipfile
directory, prefix = sys.argv[1:]
os.chdir(directory)
source = os.path.join(directory, "module.py")
with open(source, "w") as f:
    f.write(f"PREFIX = {prefix!r}\\n\\ndef function():\\n    return PREFIX\\n")
py_compile.compile(source, cfile="module.pyc", doraise=True)
py_compile.compile(source, cfile="hashed.pyc", doraise=True,
                   invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
for name, method in (("stored.jar", zipfile.ZIP_STORED), ("deflated.jar", zipfile.ZIP_DEFLATED)):
    with zipfile.ZipFile(name, "w", method) as jar:
        jar.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\\nClass-Path: file:{prefix}/lib/a.jar\\n")
        jar.writestr("module.pyc", open("module.pyc", "rb").read())
database = sqlite3.connect("odd.sqlite")
database.execute("create table files (path text)")
database.executemany("insert into files values (?)", [(f"{prefix}/{i}",) for i in range(200)])
database.commit()
database.close()
with gzip.open("text.gz", "wb") as f:
    f.write(prefix.encode() * 100)
with open("odd.pickle", "wb") as f:
    pickle.dump({"prefix": prefix, "binary": bytes(range(256))}, f)
# The magic number of Java's classes is also that of universal Mach-O files.
for version, name in ((52, "Odd.class"), (3, "Old.class")):
    with open(name, "wb") as f:
        text = prefix.encode()
        f.write(b"\\xca\\xfe\\xba\\xbe\\0\\0" + version.to_bytes(2, "big") + b"\\0\\x02\\x01")
        f.write(len(text).to_bytes(2, "big") + text + b"\\0" * 16)
`;

function addDataFormats(directory: string, { prefix }: OddPlace): void {
  const python = process.env["SPACK_TEST_PYTHON"] ?? "python3";
  execFileSync(python, ["-c", FORMATS, directory, prefix], { stdio: ["ignore", "ignore", "inherit"] });
}

function addObjectFiles(directory: string, { prefix, dependency }: OddPlace, gcc: string): void {
  const file = (name: string) => join(directory, name);
  const source = file("odd source.c");
  writeFileSync(
    source,
    `const char *prefix(void) { return "${prefix}/share"; }
const char *both(void) { return "${prefix}/lib:${dependency}/lib"; }
int main(void) { return prefix()[0] == both()[0]; }
`,
  );
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: "pipe" });
  const runPath = `-Wl,-rpath,${prefix}/lib:${dependency}/lib:/usr/lib`;
  const build = (name: string, ...flags: string[]) => run(gcc, "-g", source, "-o", file(name), ...flags);
  build("program", runPath);
  build("old-tags", runPath, "-Wl,--disable-new-dtags");
  build("no-pie", "-no-pie", runPath);
  build("static-pie", "-static-pie");
  build("static", "-static", "-no-pie");
  build("library.so", "-shared", "-fPIC", runPath, `-Wl,-soname,${prefix}/lib/library.so`);
  build("compressed-when-linked", "-gz", runPath);
  build("object.o", "-c");
  run("objcopy", "--compress-debug-sections", file("program"), file("compressed-debug"));
  run("objcopy", "--compress-debug-sections", file("object.o"), file("compressed.o"));
  run("objcopy", "--only-keep-debug", file("program"), file("program.debug"));
  run("objcopy", "--strip-all", file("program"), file("stripped"));
  run("ar", "rcs", file("lib-odd.a"), file("object.o"), file("compressed.o"));
  run("ar", "rcsT", file("lib-thin.a"), file("object.o"));
  // Without section headers.
  const bare = readFileSync(file("stripped"));
  bare.fill(0, 0x28, 0x30);
  bare.writeUInt16LE(0, 0x3c);
  bare.writeUInt16LE(0, 0x3e);
  writeFileSync(file("no-sections"), bare);
  linkSync(file("program"), file("program twin"));
  rmSync(source);
}
