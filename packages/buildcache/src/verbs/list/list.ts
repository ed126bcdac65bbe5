// The verb list: lists the packages of a buildcache.

import { catalogOfGraph, type SpecCatalog } from "@spack-oci/spack-spec";
import { findPackages } from "../../catalog/find-packages.js";
import { filterSpecs } from "../../catalog/select-specs.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";

/**
 * The packages that a request selects; all of them without specs.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` if a spec matches nothing, the errors of spec strings, and the target's
 *   own
 */
export async function list(
  mirror: Buildcache,
  { specs, environment }: SpecRequest,
  { run }: VerbContext,
): Promise<SpecCatalog> {
  const { catalog, chosen } = await findPackages([mirror], { specs, choose: filterSpecs }, run);
  const found = chosen.filter((node) => environment === undefined || environment.graph.has(node.hash));
  return catalogOfGraph(
    catalog.graph,
    found.map((node) => node.hash),
  );
}
