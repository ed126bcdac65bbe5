// Two files or directories that belong at the same path of a view.

import { SpackOciError } from "@spack-oci/errors";

export interface MergeConflict {
  /** Relative to the view. */
  readonly path: string;
  /** Absolute path of the one that came first. */
  readonly first: string;
  /** Absolute path of the other one. */
  readonly second: string;
}

/** As many as Spack shows (Spack: link_tree.py, `MergeConflictSummary`). */
const MAX_SHOWN = 3;

/** The error for packages of which one has a file where another one has a directory. */
export function mergeConflictError(
  root: string,
  conflicts: readonly MergeConflict[],
  hint = "Exclude one of the packages from the view, or separate them by projections.",
): SpackOciError {
  const shown = conflicts.slice(0, MAX_SHOWN).map(({ path, first, second }) => {
    return `${first} and ${second} both project to ${path}`;
  });
  if (conflicts.length > MAX_SHOWN) shown.push(`and ${conflicts.length - MAX_SHOWN} more such conflicts`);
  return new SpackOciError("ERR_VIEW_CONFLICT", `Cannot merge packages: ${shown.join("; ")}.`, {
    kind: "conflict",
    place: root,
    hint,
  });
}
