// The canonical install tree of a mirror, as arguments name it and results tell it.

import type { RepairResult, TreeRequest } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { errorToJson } from "../output/json.js";
import { packageToJson } from "../output/results.js";

export interface RelocationArguments {
  readonly relocateTo?: string | undefined;
  readonly paddedLength?: number | undefined;
  readonly projections?: ReadonlyMap<string, string> | undefined;
}

/** @throws SpackOciError `ERR_ROOT_MISSING` */
export function relocationOf({
  relocateTo,
  paddedLength,
  projections,
}: RelocationArguments): TreeRequest | undefined {
  if (relocateTo !== undefined) return { root: relocateTo, paddedLength, projections };
  if (paddedLength === undefined && projections === undefined) return undefined;
  throw new SpackOciError(
    "ERR_ROOT_MISSING",
    "Padding and projections are for packages that are relocated.",
    {
      kind: "usage",
      hint: `Name the root that they are relocated to with "--relocate-to ROOT".`,
    },
  );
}

/** The tree, and what cannot be relocated to it. */
export function canonicalToJson({ tree, unrelocatable }: Pick<RepairResult, "tree" | "unrelocatable">) {
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
