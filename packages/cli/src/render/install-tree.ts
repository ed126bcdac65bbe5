// A buildcache's install tree, as JSON and as a line.

import type { InstallTree, RepairResult } from "@spack-oci/buildcache";
import { errorToJson } from "./json.js";
import { packageToJson } from "./packages.js";

/** The tree, and the packages that cannot be relocated to it. */
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

export function describeInstallTree({ store, paddedLength }: InstallTree): string {
  const padding = paddedLength > 0 ? `, padded to ${paddedLength} characters` : "";
  return `Packages in this mirror are relocated to ${store.unpaddedRoot}${padding}.`;
}
