// Finds the variables that a prefix is added to because of its directories.

import { stat } from "node:fs/promises";
import type { Modification } from "../settings/environment-rules.js";

const SYSTEM_ROOTS = ["/", "/usr", "/usr/local"];
const SYSTEM_DIRECTORIES = new Set([
  ...SYSTEM_ROOTS,
  ...SYSTEM_ROOTS.flatMap((root) =>
    ["bin", "bin64", "include", "lib", "lib64"].map((suffix) => `${root.replace(/\/$/, "")}/${suffix}`),
  ),
]);

/** Errors that mean the directory does not exist, as for Python's `os.path.isdir`. */
const NO_DIRECTORY = ["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"];

/**
 * One modification for each inspected directory and variable, in the order of the inspections; none for system
 * directories. The prefix itself, `./`, is written as `/prefix/.` (Spack: util/environment.py, `inspect_path`).
 *
 * @throws Error of the file system if it cannot tell
 */
export async function inspectPrefix(
  prefix: string,
  inspections: ReadonlyMap<string, readonly string[]>,
): Promise<Modification[]> {
  const found = [...inspections].map(async ([relative, variables]) => {
    const inside = normalizePath(relative);
    const directory = inside.startsWith("/") ? inside : `${prefix.replace(/\/$/, "")}/${inside}`;
    if (SYSTEM_DIRECTORIES.has(normalizePath(directory)) || !(await isDirectory(directory))) return [];
    return variables.map((name) => ({ kind: "prepend-path" as const, name, value: directory }));
  });
  return (await Promise.all(found)).flat();
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (NO_DIRECTORY.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Python's `os.path.normpath`, with `.` for the empty path. */
function normalizePath(path: string): string {
  const parts: string[] = [];
  const isAbsolute = path.startsWith("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  return (isAbsolute ? "/" : "") + parts.join("/") || ".";
}
