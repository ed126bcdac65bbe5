// A store of small packages, built by the machine's own compiler below any root, for what the sample store cannot show.

import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { addPadding } from "@spack-oci/spack-store";
import { spackOci } from "./command-line.js";
import { onPath } from "./on-path.js";
import { type SpecJson, specOf } from "./synthetic-buildcache.js";

/** The compiler; without one (undefined), such a store cannot be built. */
export const compiler = onPath("gcc", "cc");

if (compiler === undefined)
  console.log("skipped: tests with built stores, because neither gcc nor cc is on PATH");

/** Packages and their link and run dependencies, in build order. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  notes: [],
  paths: [],
  counter: ["plain"],
  teller: ["paths", "plain"],
  guide: ["teller"],
};

/** Their specs, in the same order. */
const SPECS = new Map<string, SpecJson>();
for (const [name, dependencies] of Object.entries(PACKAGES))
  SPECS.set(name, specOf({ name, dependencies }, SPECS));

/** The output of `bin/teller`. */
export const tellerSays = (prefixOf: (name: string) => string) =>
  `42 ${prefixOf("paths")}/share/paths/data ${prefixOf("teller")}/etc/teller.conf\n`;

/** A built store, and the prefixes of its packages. */
export interface BuiltStore {
  /** Without padding. */
  readonly root: string;
  readonly prefixOf: (name: string) => string;
}

/** The path of a package below the root of its store. */
function relativePrefix(name: string): string {
  return `linux-x86_64/${name}-1-${SPECS.get(name)?.hash}`;
}

/** @param length to pad the root to, in characters */
export async function buildStore(root: string, length = 0): Promise<BuiltStore> {
  const padded = addPadding(root, length);
  const prefixOf = (name: string) => `${padded}/${relativePrefix(name)}`;
  mkdirSync(join(padded, ".spack-db"), { recursive: true });
  for (const [name, spec] of SPECS) {
    build(name, prefixOf);
    const nodes = [spec, ...[...SPECS.values()].filter((other) => other !== spec)];
    write(
      join(prefixOf(name), ".spack", "spec.json"),
      JSON.stringify({ spec: { _meta: { version: 5 }, nodes } }),
    );
    write(join(prefixOf(name), ".spack", "install_manifest.json"), "{}");
    write(join(prefixOf(name), ".spack", "install_times.json"), `{"built": ${JSON.stringify(root)}}`);
  }
  const run = await spackOci(["reindex", "--store", root]);
  if (run.status !== 0) throw new Error(run.stderr);
  return { root, prefixOf };
}

function build(name: string, prefixOf: (name: string) => string): void {
  const own = prefixOf(name);
  const runPath = (...names: string[]) =>
    `-Wl,-rpath,${names.map((each) => `${prefixOf(each)}/lib`).join(":")}`;
  switch (name) {
    case "plain":
      compile(`${own}/lib/libplain.so`, "int plain(void) { return 42; }", "-shared", "-fPIC");
      write(`${own}/lib/plain.pc`, `prefix=${own}\nlibs=-L${own}/lib -lplain\n`);
      symlinkSync(`${own}/lib/libplain.so`, `${own}/lib/libplain.so.1`);
      break;
    case "notes":
      write(`${own}/share/notes.txt`, `These notes are in ${own}.\n`);
      write(`${own}/bin/notes`, `#!${own}/bin/reader\n`);
      chmodSync(`${own}/bin/notes`, 0o755);
      linkSync(`${own}/bin/notes`, `${own}/bin/twin`);
      break;
    case "paths": {
      const source = `const char *paths(void) { return "${own}/share/paths/data"; }`;
      compile(`${own}/lib/libpaths.so`, source, "-shared", "-fPIC");
      write(`${own}/share/paths/data`, "data\n");
      break;
    }
    case "counter": {
      const source =
        '#include <stdio.h>\nint plain(void);\nint main(void) { return !printf("%d\\n", plain()); }';
      compile(`${own}/bin/counter`, source, `-L${prefixOf("plain")}/lib`, "-lplain", runPath("plain"));
      break;
    }
    case "teller": {
      const source = `#include <stdio.h>
int plain(void);
const char *paths(void);
int main(void) { return !printf("%d %s %s\\n", plain(), paths(), "${own}/etc/teller.conf"); }`;
      const libraries = ["paths", "plain"].flatMap((each) => [`-L${prefixOf(each)}/lib`, `-l${each}`]);
      compile(`${own}/bin/teller`, source, ...libraries, runPath("paths", "plain"));
      write(`${own}/etc/teller.conf`, `data = ${prefixOf("paths")}/share/paths/data\n`);
      break;
    }
    case "guide":
      write(`${own}/bin/guide`, `#!/bin/sh\nexec ${prefixOf("teller")}/bin/teller\n`);
      chmodSync(`${own}/bin/guide`, 0o755);
      break;
  }
}

function compile(path: string, source: string, ...flags: string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  // Libraries follow the objects that need them.
  const args = ["-x", "c", "-", "-x", "none", "-o", path, ...flags];
  execFileSync(compiler ?? "cc", args, { input: source, stdio: ["pipe", "ignore", "pipe"] });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
