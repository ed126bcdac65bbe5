// The verb list: what a buildcache holds.

import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-store";
import type { Listener } from "./events.js";
import { findPackages } from "./pull/find-packages.js";
import type { Scheduler } from "./schedule/scheduler.js";

export interface ListOptions {
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The packages that the arguments name, all without arguments, sorted by name, version and hash. */
export async function list(
  target: Target & TagLister,
  scheduler: Scheduler,
  specArguments: readonly string[],
  options: ListOptions = {},
): Promise<readonly SpecNode[]> {
  const { chosen } = await findPackages(target, scheduler, specArguments, options);
  return chosen.toSorted(
    (left, right) =>
      compare(left.name, right.name) ||
      compare(left.version, right.version) ||
      compare(left.hash, right.hash),
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
