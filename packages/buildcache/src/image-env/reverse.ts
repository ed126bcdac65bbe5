// Takes modifications of the environment back.

import type { EnvironmentModification } from "./modifications.js";

/** What undoes each kind of addition; other kinds cannot be undone. */
const REVERSED: Readonly<Partial<Record<EnvironmentModification["kind"], EnvironmentModification["kind"]>>> =
  {
    set: "unset",
    "append-path": "remove-last-path",
    "prepend-path": "remove-first-path",
    "append-flags": "remove-flags",
  };

/**
 * The modifications that undo additions, last ones first. A variable that was set is unset, whatever it was before.
 * Like Spack, uses the default separators, and leaves what was unset or removed as it is (Spack: util/environment.py,
 * `EnvironmentModifications.reversed`).
 */
export function reversed(modifications: readonly EnvironmentModification[]): EnvironmentModification[] {
  return [...modifications].reverse().flatMap(({ kind, name, value }) => {
    const opposite = REVERSED[kind];
    return opposite === undefined ? [] : [{ kind: opposite, name, value: opposite === "unset" ? "" : value }];
  });
}
