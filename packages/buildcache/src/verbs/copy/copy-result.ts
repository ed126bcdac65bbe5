// Defines what a copy returns.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { Failed } from "../../failures/failure.js";
import type { MergeIndexResult } from "../../package-index/merge-index.js";
import type { TagResult } from "./copy-tags.js";

/** The outcome for a destination. */
export interface CopyOutcome {
  /** One for each tag to copy; empty after a dry run. */
  readonly tags: readonly TagResult[];
  /** The surplus tags that were deleted. */
  readonly deleted: readonly string[];
  /** The package index; undefined if it did not have to change. */
  readonly index: MergeIndexResult | Failed | undefined;
}

/** What a copy did to one destination, or would do. */
export interface CopyResult extends CopyOutcome {
  /** The destination's name. */
  readonly destination: string;
  /** Tags to copy. */
  readonly planned: readonly string[];
  /** Tags that already existed. */
  readonly present: readonly string[];
  /** Run-time dependencies of the chosen packages that no source has. */
  readonly absent: readonly SpecNode[];
  /** Tags that no source has, which are, or would be, deleted; empty unless deletion was requested. */
  readonly surplus: readonly string[];
  /** Tags of packages whose signatures were not verified. */
  readonly unverified: readonly string[];
}
