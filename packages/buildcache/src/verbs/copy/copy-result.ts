// What a copy returns.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { Failed } from "../../failures/failure.js";
import type { MergeIndexResult } from "../../package-index/merge-index.js";
import type { TagResult } from "./copy-tags.js";

/** How a destination fared. */
export interface CopyOutcome {
  /** One for each tag that was to be copied; empty after a dry run. */
  readonly tags: readonly TagResult[];
  /** Which of the tags that no source has were deleted. */
  readonly deleted: readonly string[];
  /** The package index; undefined if nothing was to be done about it. */
  readonly index: MergeIndexResult | Failed | undefined;
}

/** What a copy did to one destination, or would do. */
export interface CopyResult extends CopyOutcome {
  /** The destination's name. */
  readonly destination: string;
  /** Tags that were to be copied. */
  readonly planned: readonly string[];
  /** Tags that already existed. */
  readonly present: readonly string[];
  /** What the chosen packages run with and no source has. */
  readonly absent: readonly SpecNode[];
  /** Tags that no source has: what is, or would be, deleted; empty unless deletion was requested. */
  readonly surplus: readonly string[];
  /** Tags of packages whose signatures were ignored. */
  readonly unverified: readonly string[];
}
