// Finds the variables that a prefix is added to because of its directories.

import { posix } from "node:path";
import type { EnvironmentModification } from "./modifications.js";
import { isSystemPath, normalizePath } from "./system-paths.js";

/** Whether a path is a directory, or a link to one. */
export type IsDirectory = (path: string) => Promise<boolean>;

/**
 * Variables by the directory, relative to a prefix, that is prepended to them (Spack: `modules:prefix_inspections`).
 */
export type PrefixInspections = ReadonlyMap<string, readonly string[]>;

/** Inspects a prefix. */
export type InspectPrefix = (prefix: string) => Promise<readonly EnvironmentModification[]>;

/**
 * {@link inspectPrefix}, once for each prefix: a package is in the images of all its dependents. Valid as long as
 * nothing changes.
 */
export function inspectOnce(inspections: PrefixInspections, isDirectory: IsDirectory): InspectPrefix {
  const inspected = new Map<string, ReturnType<InspectPrefix>>();
  return (prefix) => {
    const found = inspected.get(prefix) ?? inspectPrefix(prefix, inspections, isDirectory);
    inspected.set(prefix, found);
    return found;
  };
}

/**
 * One modification for each inspected directory and variable, in the order of the inspections; none for system
 * directories. `bin` and `./bin` are two inspections (Spack: util/environment.py, `inspect_path`).
 */
export async function inspectPrefix(
  prefix: string,
  inspections: PrefixInspections,
  isDirectory: IsDirectory,
): Promise<EnvironmentModification[]> {
  const found = [...inspections].map(async ([relative, variables]) => {
    const inside = normalizePath(relative);
    const directory = inside.startsWith("/") ? inside : posix.join(prefix, inside);
    if (isSystemPath(directory) || !(await isDirectory(directory))) return [];
    return variables.map((name) => ({ kind: "prepend-path" as const, name, value: directory }));
  });
  return (await Promise.all(found)).flat();
}
