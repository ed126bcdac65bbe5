// The verb list: what a buildcache holds.

import type { Target } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-store";
import type { Listener } from "./events.js";
import { readCatalogue } from "./pull/catalogue.js";
import type { Scheduler } from "./schedule/scheduler.js";
import { selectSpecs } from "./select/select-specs.js";

export interface ListOptions {
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The packages that the arguments name, all without arguments, sorted by name, version and hash. */
export async function list(
  target: Target,
  scheduler: Scheduler,
  specArguments: readonly string[],
  options: ListOptions = {},
): Promise<readonly SpecNode[]> {
  const catalogue = await readCatalogue(target, scheduler, options);
  const found = selectSpecs(catalogue.packages, specArguments, target.name);
  return found.toSorted(
    (left, right) =>
      compare(left.name, right.name) ||
      compare(left.version, right.version) ||
      compare(left.hash, right.hash),
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
