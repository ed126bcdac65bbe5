// Modifies lists of environment variables.

import { normalizePath } from "./system-paths.js";

/** Prepends or appends a directory to a variable, sets a variable, or unsets it. */
export interface EnvironmentModification {
  readonly kind: "prepend-path" | "append-path" | "set" | "unset";
  readonly name: string;
  /** Ignored if the variable is unset. */
  readonly value: string;
  /** Separates directories; `:` by default. */
  readonly separator?: string | undefined;
}

/**
 * Applies modifications in order. Existing variables keep their places, and new ones follow by name; duplicate
 * directories are kept (Spack: util/environment.py, `EnvironmentModifications.apply_modifications`).
 */
export function modifyEnvironment(
  start: ReadonlyMap<string, string>,
  modifications: readonly EnvironmentModification[],
): Map<string, string> {
  const variables = new Map(start);
  for (const modification of [...modifications].sort(byName)) {
    if (modification.kind === "unset") variables.delete(modification.name);
    else variables.set(modification.name, valueAfter(modification, variables.get(modification.name)));
  }
  return variables;
}

function valueAfter({ kind, value, separator = ":" }: EnvironmentModification, before = ""): string {
  if (kind === "set") return value;
  const directory = normalizePath(value);
  if (before === "") return directory;
  return kind === "prepend-path" ? directory + separator + before : before + separator + directory;
}

/** Names are ASCII, so JavaScript's order equals Python's. */
function byName(a: EnvironmentModification, b: EnvironmentModification): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
