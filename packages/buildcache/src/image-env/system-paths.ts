// Tells system directories from others, and normalizes paths for comparison.

import { posix } from "node:path";

const ROOTS = ["/", "/usr", "/usr/local"];
const SUFFIXES = ["bin", "bin64", "include", "lib", "lib64"];
const SYSTEM_DIRECTORIES = new Set([
  ...ROOTS,
  ...ROOTS.flatMap((root) => SUFFIXES.map((suffix) => posix.join(root, suffix))),
]);

/** Whether Spack never adds a directory to a variable (Spack: util/environment.py, `is_system_path`). */
export function isSystemPath(path: string): boolean {
  return path !== "" && SYSTEM_DIRECTORIES.has(normalizePath(path));
}

/** Python's `os.path.normpath`: removes trailing slashes, and keeps exactly two leading ones. */
export function normalizePath(path: string): string {
  const normal = posix.normalize(path);
  const trimmed = normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
  return /^\/\/(?!\/)/.test(path) ? `/${trimmed}` : trimmed;
}
