// Changes to environment variables, and what a list of variables is after them.

import { normalizePath } from "./system-paths.js";

/** Puts a directory in front of a variable's others, or after them, gives a variable a value, or takes it away. */
export interface EnvironmentModification {
  readonly kind: "prepend-path" | "append-path" | "set" | "unset";
  readonly name: string;
  /** Of no meaning to a variable that is taken away. */
  readonly value: string;
  /** What stands between directories; `:` by default. */
  readonly separator?: string | undefined;
}

/**
 * Applies modifications in their order. Variables of the start keep their places, and new ones follow by name; directories
 * that are there twice stay there twice (Spack: util/environment.py, `EnvironmentModifications.apply_modifications`).
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

/** Names are ASCII, so that JavaScript's order is Python's. */
function byName(a: EnvironmentModification, b: EnvironmentModification): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
