// Views of environments, as JSON and as lines.

import type { ViewResult } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { errorToJson } from "./json.js";
import { formatCount } from "./units.js";

export function viewToJson(view: ViewResult) {
  return view.outcome === "failed" ? { ...view, error: errorToJson(view.error) } : { ...view };
}

/** One line, unless nothing was done. */
export function describeView(view: ViewResult): string | undefined {
  switch (view.outcome) {
    case "unchanged":
      return undefined;
    case "updated":
      return `Updated the view ${view.root} (${formatCount(view.packages, "package")}${describeConflicts(view.conflicts)}).`;
    case "made-by-spack":
      return `Had Spack update the view ${view.root} (${formatCount(view.packages, "package")}).`;
    case "failed":
      return `Could not update the view ${view.root}.`;
  }
}

/** Spack counts these, too, but shows them only with `--debug`. */
function describeConflicts(conflicts: number): string {
  return conflicts === 0 ? "" : `; ${formatCount(conflicts, "file")} hidden by others`;
}

export function viewErrors(views: readonly ViewResult[]): readonly SpackOciError[] {
  return views.flatMap((view) => (view.outcome === "failed" ? [view.error] : []));
}
