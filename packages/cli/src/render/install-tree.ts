// The canonical install tree of a mirror, in JSON.

import type { RepairResult } from "@spack-oci/buildcache";
import { errorToJson } from "./json.js";
import { packageToJson } from "./packages.js";

/** The tree, and what cannot be relocated to it. */
export function installTreeToJson({ tree, unrelocatable }: Pick<RepairResult, "tree" | "unrelocatable">) {
  const { store, paddedLength, projections } = tree;
  return {
    installTree: { root: store.unpaddedRoot, paddedLength, projections: Object.fromEntries(projections) },
    unrelocatable: (unrelocatable?.packages ?? []).map((each) => ({
      ...packageToJson(each.package),
      root: each.root,
      problems: each.problems,
    })),
    ...(unrelocatable === undefined ? {} : { report: errorToJson(unrelocatable) }),
  };
}
