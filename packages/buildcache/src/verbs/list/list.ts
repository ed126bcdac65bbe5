// The verb list: what a buildcache holds.

import type { TagLister, Target } from "@spack-oci/oci-client";
import { catalogOfGraph, type SpecCatalog } from "@spack-oci/spack-spec";
import { findPackages } from "../../catalog/find-packages.js";
import { filterSpecs } from "../../catalog/select-specs.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { Listener } from "../../events/events.js";
import type { Scheduler } from "../../schedule/scheduler.js";

export interface ListOptions {
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The packages that a request names, all without specs.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` where a spec means none, the errors of spec strings, and the target's own
 */
export async function list(
  target: Target & TagLister,
  scheduler: Scheduler,
  request: SpecRequest,
  options: ListOptions = {},
): Promise<SpecCatalog> {
  const { environment, specs } = request;
  const { catalogue, chosen } = await findPackages([target], scheduler, specs, {
    ...options,
    choose: filterSpecs,
  });
  const found = chosen.filter((node) => environment === undefined || environment.graph.has(node.hash));
  return catalogOfGraph(
    catalogue.graph,
    found.map((node) => node.hash),
  );
}
