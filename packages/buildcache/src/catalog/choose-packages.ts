// Chooses what to pull: from an environment's lock file, or from the catalog of the buildcaches.

import type { TagLister } from "@spack-oci/oci-client";
import { fullClosure, type SpecNode } from "@spack-oci/spack-spec";
import { packageTag } from "../package-image/tags.js";
import { packageTags } from "../package-index/scan-tags.js";
import type { Buildcache, Run } from "../schedule/run.js";
import type { Catalog } from "./catalog.js";
import { findPackages, type PackageQuery } from "./find-packages.js";
import { selectSpecs } from "./select-specs.js";
import type { RequestedEnvironment, SpecRequest } from "./spec-request.js";
import { verifySpecs } from "./verify-specs.js";

/** The requested packages, and the catalog they come from. */
export interface ChosenPackages {
  readonly catalog: Catalog;
  /** DAG hashes. */
  readonly roots: readonly string[];
  /** How many packages the buildcaches have, chosen or not. */
  readonly available: number;
  /** Whether the user named these packages, rather than asking for everything. */
  readonly named: boolean;
}

/**
 * The chosen specs, and those that they depend on, have the DAG hashes under which they are listed.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, the errors of spec strings and of `verifySpecs`, and the
 *   target's own
 */
export async function choosePackages(
  mirrors: readonly Buildcache[],
  query: PackageQuery & Pick<SpecRequest, "environment">,
  run: Run,
): Promise<ChosenPackages> {
  const found = await choose(mirrors, query, run);
  const { catalog, roots } = found;
  const place =
    query.environment === undefined
      ? mirrors.map(({ name }) => name).join(", ")
      : `the environment ${query.environment.name}`;
  await verifySpecs({ graph: catalog.graph, roots, place, mirrors }, run);
  return found;
}

async function choose(
  mirrors: readonly Buildcache[],
  { environment, ...query }: PackageQuery & Pick<SpecRequest, "environment">,
  run: Run,
): Promise<ChosenPackages> {
  if (environment !== undefined) return chooseFromEnvironment(mirrors, { ...query, environment }, run.signal);
  const { specs } = query;
  const { catalog, chosen } = await findPackages(mirrors, query, run);
  const available = catalog.packages.length;
  return { catalog, roots: chosen.map((node) => node.hash), available, named: specs.length > 0 };
}

/** A lock file has all specs, so a list of tags is enough to know what is available; no index is needed. */
async function chooseFromEnvironment(
  mirrors: readonly TagLister[],
  { specs, choose = selectSpecs, environment }: PackageQuery & { readonly environment: RequestedEnvironment },
  signal: AbortSignal | undefined,
): Promise<ChosenPackages> {
  const { graph, name } = environment;
  const listed = await Promise.all(mirrors.map((mirror) => packageTags(mirror, signal)));
  const tags = new Set(listed.flat());
  const isPackage = (node: SpecNode) => node.external === undefined;
  const candidates = fullClosure(graph, environment.roots).filter(isPackage);
  const pool = { graph, candidates, name: `the environment ${name}` };
  const roots = specs.length === 0 ? environment.roots : choose(pool, specs).map((node) => node.hash);
  // The graph also has the build specs of spliced packages, which are made from their layers.
  const packages = [...graph.values()].filter((node) => isPackage(node) && tags.has(packageTag(node)));
  const catalog = { packages, graph, indexed: false, unreadable: [] };
  return { catalog, roots, available: tags.size, named: true };
}
