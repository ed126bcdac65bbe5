// The verb list: lists the packages of a buildcache.

import { catalogOfGraph, type SpecCatalog, type SpecNode } from "@spack-oci/spack-spec";
import { findPackages } from "../../catalog/find-packages.js";
import { isBuiltFor, type Machine } from "../../catalog/machine.js";
import { filterSpecs } from "../../catalog/select-specs.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";

/** The listed packages. As a catalog, they can be formatted as `spack find` does. */
export interface ListResult extends SpecCatalog {
  /** Each with its name, version, hash, dependencies and the rest of its spec. */
  readonly packages: readonly SpecNode[];
}

/** What to list. */
export interface ListRequest extends SpecRequest {
  /** Only packages for exactly this architecture; by default, for any. */
  readonly machine?: Machine | undefined;
}

/**
 * The packages that a request selects; all of them without specs.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` if a spec matches nothing, the errors of spec strings, and the target's
 *   own
 *
 * @example
 * ```ts
 * import { createScheduler, list, openSession } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const { packages } = await list(mirror, { specs: ["mercury-lite"] }, { run: { scheduler: createScheduler(4) } });
 * console.log(packages[0]?.version); // 2.4.0
 * ```
 */
export async function list(
  mirror: Buildcache,
  { specs, environment, machine }: ListRequest,
  { run }: VerbContext,
): Promise<ListResult> {
  const { catalog, chosen } = await findPackages(
    [mirror],
    { specs, choose: filterSpecs, inspect: true },
    run,
  );
  const packages = chosen.filter(
    (node) =>
      (environment === undefined || environment.graph.has(node.hash)) &&
      (machine === undefined || isBuiltFor(node, machine)),
  );
  const listed = packages.map((node) => node.hash);
  return { packages, ...catalogOfGraph(catalog.graph, listed) };
}
