// What the paths in a package become in the store.

import type { relocationMap } from "@spack-oci/spack-tarball";

/** The store, and the prefixes of a package and of those that it may refer to. */
export interface RelocationPlan extends RelocationTarget {
  /** Of the spec: it decides which binaries are more than their strings. */
  readonly platform?: string | undefined;
  /** The text of `spec.json` for a spliced package, whose layer describes the spec that was built. */
  readonly splicedSpec?: string | undefined;
}

type RelocationTarget = Parameters<typeof relocationMap>[1];
