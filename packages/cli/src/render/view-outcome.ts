// Shows what was added to a view.

import type { ViewOutcome } from "@spack-oci/buildcache";
import { packageToJson } from "./packages.js";
import { formatCount } from "./units.js";

export function viewOutcomeToJson({ directory, added, present, externals, bySpack }: ViewOutcome) {
  return {
    directory,
    added: added.map(packageToJson),
    present: present.map(packageToJson),
    externals: externals.map(packageToJson),
    bySpack,
  };
}

export function viewLines({ directory, added, present, bySpack }: ViewOutcome): readonly string[] {
  if (bySpack) return [`Spack made the view ${directory}.`];
  const others = present.length > 0 ? `; ${present.length} already present` : "";
  return [`Added ${formatCount(added.length, "package")} to ${directory}${others}.`];
}
