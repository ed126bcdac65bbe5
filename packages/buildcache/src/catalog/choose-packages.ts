// Chooses what to pull: from an environment's lock file, or from what the buildcache says it holds.

import type { TagLister, Target } from "@spack-oci/oci-client";
import { packageTag } from "../package-image/tags.js";
import { packageTags } from "../package-index/scan-tags.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { Catalogue } from "./catalog.js";
import { type FindOptions, findPackages } from "./find-packages.js";
import { selectSpecs } from "./select-specs.js";
import type { RequestedEnvironment, SpecRequest } from "./spec-request.js";

/** What was asked for, in its surroundings. */
export interface ChosenPackages {
  readonly catalogue: Catalogue;
  /** DAG hashes. */
  readonly roots: readonly string[];
  /** Whether the user asked for just these, rather than for everything. */
  readonly named: boolean;
}

/**
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, the errors of spec strings, and the target's own
 */
export async function choosePackages(
  mirrors: readonly (Target & TagLister)[],
  scheduler: Scheduler,
  { specs, environment }: SpecRequest,
  options: FindOptions,
): Promise<ChosenPackages> {
  if (environment !== undefined) return chooseFromEnvironment(mirrors, specs, environment, options);
  const { catalogue, chosen } = await findPackages(mirrors, scheduler, specs, options);
  return { catalogue, roots: chosen.map((node) => node.hash), named: specs.length > 0 };
}

/** A lock file knows every spec, so that the tags alone tell what can be had; no index is needed. */
async function chooseFromEnvironment(
  mirrors: readonly TagLister[],
  specs: readonly string[],
  environment: RequestedEnvironment,
  options: FindOptions,
): Promise<ChosenPackages> {
  const { choose = selectSpecs } = options;
  const { graph, name } = environment;
  const listed = await Promise.all(mirrors.map((mirror) => packageTags(mirror, options.signal)));
  const tags = new Set(listed.flat());
  const candidates = [...graph.values()].filter((node) => node.external === undefined);
  const pool = { graph, candidates, name: `the environment ${name}` };
  const roots = specs.length === 0 ? environment.roots : choose(pool, specs).map((node) => node.hash);
  const packages = candidates.filter((node) => tags.has(packageTag(node)));
  return { catalogue: { packages, graph, indexed: false, unreadable: [] }, roots, named: true };
}
