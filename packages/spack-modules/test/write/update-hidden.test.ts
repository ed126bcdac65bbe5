// Lines of hidden modules come and go, and an empty file does not stay.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { updateHidden } from "../../src/write/update-hidden.js";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "spack-oci-hidden-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

it.each([
  ["tcl", ".modulerc", "#%Module4.7\nmodule-hide --soft --hidden-loaded a/1\n"],
  ["lmod", ".modulerc.lua", 'hide_version("a/1")\n'],
] as const)("%s", async (system, file, text) => {
  const path = join(directory, file);
  const update = (hidden: boolean) => updateHidden(system, join(directory, "1"), { name: "a/1", hidden });
  await update(false);
  expect(existsSync(path)).toBe(false);
  await update(true);
  await update(true);
  expect(readFileSync(path, "utf8")).toBe(text);
  await update(false);
  expect(existsSync(path)).toBe(false);
});
