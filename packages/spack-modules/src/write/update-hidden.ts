// Hides modules in listings, through the file `.modulerc` beside them.

import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ModuleSystem } from "../settings/module-set.js";

interface HidingSyntax {
  readonly file: string;
  readonly header: readonly string[];
  readonly hide: (name: string) => string;
}

const SYNTAX: Readonly<Record<ModuleSystem, HidingSyntax>> = {
  tcl: {
    file: ".modulerc",
    header: ["#%Module4.7"],
    hide: (name) => `module-hide --soft --hidden-loaded ${name}`,
  },
  lmod: { file: ".modulerc.lua", header: [], hide: (name) => `hide_version("${name}")` },
};

/**
 * Adds or removes the line of a module; a file without such lines is removed (Spack: modules/common.py,
 * `update_module_hiddenness`).
 *
 * @param path of the module file
 */
export async function updateHidden(
  system: ModuleSystem,
  path: string,
  { name, hidden }: { readonly name: string; readonly hidden: boolean },
): Promise<void> {
  const { file, header, hide } = SYNTAX[system];
  const resource = join(dirname(path), file);
  const existing = await linesOf(resource);
  const line = hide(name);
  const before = existing ?? header;
  if (before.includes(line) === hidden) return;
  const start = before.length === 0 ? header : before;
  const after = hidden ? [...start, line] : start.filter((_, index) => index !== start.indexOf(line));
  const isEmpty = after.length === 0 || after.join("\n") === header.join("\n");
  if (!isEmpty) await writeFile(resource, `${after.join("\n")}\n`);
  else if (existing !== undefined) await rm(resource);
}

async function linesOf(file: string): Promise<string[] | undefined> {
  try {
    const lines = (await readFile(file, "utf8")).split("\n");
    return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
