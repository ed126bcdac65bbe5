// What copies from and to Spack v3 mirrors take and return.

import type { SpecNode } from "@spack-oci/spack-spec";
import { describePackage, type Listener } from "../../events/events.js";
import type { Failed } from "../../failures/failure.js";
import type { PrefixInspections } from "../../image-env/inspect-prefix.js";
import type { MergeIndexResult } from "../../package-index/merge-index.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import type { CopyMirrorOptions } from "./copy-options.js";

export interface UrlCopyOptions extends Omit<CopyMirrorOptions, "verify" | "delete" | "confirmDeletion"> {
  /** The time that images claim to be made at; now by default. */
  readonly createdAt?: Date | undefined;
  /** Variables of images by the directory of a prefix that goes in front of them; Spack's default without. */
  readonly prefixInspections?: PrefixInspections | undefined;
}

export interface UrlCopyResult {
  readonly plan: UrlCopyPlan;
  /** One for each package that was to be copied; empty after a dry run. */
  readonly packages: readonly PackageResult[];
  /** Packages whose signature was read over: nobody has looked whether it is good. */
  readonly unverified: readonly SpecNode[];
  /** The index, or why it could not be written; undefined where nothing was to be done about it. */
  readonly index: MergeIndexResult | Failed | undefined;
}

/** What a copy will do. */
export interface UrlCopyPlan {
  /** Packages to copy; dependencies before dependents. */
  readonly todo: readonly SpecNode[];
  /** Packages that the destination has. */
  readonly present: readonly SpecNode[];
  /** What packages run with and the source does not have. */
  readonly absent: readonly SpecNode[];
}

/** Tells what a copy will do, and what it will not. */
export function announce(plan: UrlCopyPlan, source: string, listener: Listener | undefined): void {
  listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  for (const node of plan.absent) {
    const message = `${describePackage(node)} is not in ${source}; packages that run with it are copied without it.`;
    listener?.({ type: "warning", message });
  }
}
