// Manual pages: what they say, and that mandoc finds nothing to complain about.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadCommands } from "../../src/load-commands.js";
import { manPages } from "../../src/manual/man-pages.js";
import { textLines } from "../../src/manual/mdoc.js";
import { createProgram } from "../../src/program.js";

const commands = await loadCommands([]);
const program = createProgram("", commands, async () => {});
const pages = manPages({ program, commands, date: new Date("2026-01-02T03:04:05Z") });

const hasMandoc = spawnSync("mandoc", ["/dev/null"]).error === undefined;
if (!hasMandoc) console.log("skipped: checking and showing manual pages, because mandoc is missing");

/** Runs mandoc on a page. */
function mandoc(text: string, ...options: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "spack-oci-man-"));
  try {
    const file = join(directory, "page.1");
    writeFileSync(file, text);
    const { stdout } = spawnSync("mandoc", [...options, file], { encoding: "utf8" });
    return stdout;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

it("exist for the program and each command", () => {
  const files = commands.map(({ name }) => `spack-oci-${name.replace(" ", "-")}.1`);
  expect(pages.map(({ file }) => file)).toEqual(["spack-oci.1", ...files]);
});

it.skipIf(!hasMandoc).each(pages)("$file has nothing that mandoc would change", ({ text }) => {
  // Other pages are not installed where the tests run.
  const complaints = mandoc(text, "-Tlint").split("\n");
  expect(complaints.filter((line) => line !== "" && !line.includes("referenced manual not found"))).toEqual(
    [],
  );
});

it.skipIf(!hasMandoc)("show arguments, options and examples", () => {
  const push = pages.find(({ file }) => file === "spack-oci-push.1")?.text ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: overstrikes
  const shown = mandoc(push, "-Tascii").replaceAll(/.\x08/g, "");
  expect(shown).toMatch(/spack-oci push \[options\] mirror \[spec \.\.\.\]/);
  expect(shown).toMatch(/-f, --force\s+push packages even if/);
  expect(shown).toMatch(/--only what\s+push only/);
  expect(shown).toContain("spack-oci push mochi zlib --update-index");
  expect(shown).toContain("January 2, 2026");
});

it("take no text for a request", () => {
  expect(textLines(".spack-db and \\n. Then 'x'")).toEqual(["\\&.spack-db and \\en.", "Then 'x'"]);
  expect(textLines("'x'")).toEqual(["\\&'x'"]);
});
