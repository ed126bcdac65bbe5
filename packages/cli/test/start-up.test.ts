// Help, the version and usage errors must not wait for the libraries that commands run with.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SOURCES = fileURLToPath(new URL("../src", import.meta.url));

/** Imports and re-exports that load a module at once: neither of types alone nor `await import`. */
const STATIC_IMPORT = /^(?:import|export)\s(?!type\b)(?:[^"';]*?\sfrom\s)?"([^"]+)"/gm;

function importsOf(file: string): readonly string[] {
  return [...readFileSync(file, "utf8").matchAll(STATIC_IMPORT)].map(([, name]) => name ?? "");
}

/** The modules from elsewhere that files load at once. */
function loadedBy(files: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const loaded = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith(".")) visit(join(dirname(file), name.replace(/\.js$/, ".ts")));
      else if (!name.startsWith("node:")) loaded.add(name);
    }
  };
  for (const file of files) visit(file);
  return loaded;
}

it("loads nothing but commander and what is small", () => {
  const commands = readdirSync(join(SOURCES, "commands")).map((name) => join(SOURCES, "commands", name));
  expect(commands.length).toBeGreaterThan(15);
  expect([...loadedBy([join(SOURCES, "index.ts"), ...commands])].sort()).toEqual([
    "@spack-oci/buildcache/limits",
    "@spack-oci/errors",
    "commander",
  ]);
});

it("would notice a library that is loaded at once", () => {
  expect(loadedBy([join(SOURCES, "run-command.ts")])).toContain("@spack-oci/buildcache");
});
