// Modifies environment variables, one step after the other.

import { isSystemPath, normalizePath } from "./system-paths.js";

/**
 * One step: adds a directory to a list or removes it, does the same with a flag, sets a variable, or unsets it (Spack:
 * util/environment.py, the classes below `NameModifier` and `NameValueModifier`).
 */
export interface EnvironmentModification {
  readonly kind:
    | "set"
    | "unset"
    | "prepend-path"
    | "append-path"
    | "remove-path"
    | "remove-first-path"
    | "remove-last-path"
    | "deprioritize-system-paths"
    | "prune-duplicate-paths"
    | "append-flags"
    | "remove-flags";
  readonly name: string;
  /** Ignored if the kind does not need one. */
  readonly value: string;
  /** Separates the entries of a list; `:` by default, and a space for flags. */
  readonly separator?: string | undefined;
}

/** Changes the entries of a list. */
type ListChange = (entries: readonly string[], value: string) => readonly string[];

/** What happens to lists of directories, which Spack normalizes on the way. */
const LIST_CHANGES: Readonly<Partial<Record<EnvironmentModification["kind"], ListChange>>> = {
  "prepend-path": (entries, value) => [normalizePath(value), ...entries],
  "append-path": (entries, value) => [...entries, normalizePath(value)],
  "remove-path": (entries, value) =>
    entries.filter((entry) => entry !== normalizePath(value)).map(normalizePath),
  "remove-first-path": (entries, value) => {
    const paths = entries.map(normalizePath);
    return without(paths, paths.indexOf(normalizePath(value)));
  },
  "remove-last-path": (entries, value) => {
    const paths = entries.map(normalizePath);
    return without(paths, paths.lastIndexOf(normalizePath(value)));
  },
  "deprioritize-system-paths": (entries) => {
    const paths = entries.map(normalizePath);
    return [...paths.filter((path) => !isSystemPath(path)), ...paths.filter(isSystemPath)];
  },
  "prune-duplicate-paths": (entries) => [...new Set(entries.map(normalizePath))],
  "append-flags": (entries, value) => [...entries, value],
  "remove-flags": (entries, value) => entries.filter((entry) => entry !== value),
};

/** Spack splits even an empty value for these, which leaves a "." behind. */
const SPLITS_EMPTY: ReadonlySet<string> = new Set(["remove-path", "remove-first-path", "remove-last-path"]);

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

function valueAfter({ kind, value, separator }: EnvironmentModification, before = ""): string {
  const change = LIST_CHANGES[kind];
  if (change === undefined) return value;
  const between = separator ?? (kind.endsWith("flags") ? " " : ":");
  const entries = before === "" && !SPLITS_EMPTY.has(kind) ? [] : before.split(between);
  return change(entries, value).join(between);
}

function without(entries: readonly string[], index: number): readonly string[] {
  return index < 0 ? entries : entries.filter((_, at) => at !== index);
}

/** Names are ASCII, so JavaScript's order equals Python's. */
function byName(a: EnvironmentModification, b: EnvironmentModification): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
