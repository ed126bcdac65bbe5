// Works out what is kept: roots, and what they need.

import { SpackOciError } from "@spack-oci/errors";
import { type SpecGraph, topological } from "@spack-oci/spack-spec";
import { filterSpecs } from "../../catalog/select-specs.js";
import type { Inventory } from "./inventory.js";
import { wholeHash } from "./keep-list.js";
import type { PruneRequest } from "./prune-request.js";

/** The DAG hashes that a request names, and where to look up what they need. */
export interface KeptRoots {
  readonly roots: ReadonlySet<string>;
  readonly graph: SpecGraph;
  /** Hashes on the list that the buildcache does not have. */
  readonly absent: readonly string[];
}

/**
 * @param place names the buildcache in errors
 * @throws SpackOciError `ERR_PRUNE_KEEPS_NOTHING` for a request that names nothing, `ERR_SPEC_NOT_FOUND` for a spec that
 *   matches nothing: it may be a mistake, and what was meant would be gone
 */
export function keptRoots(request: PruneRequest, inventory: Inventory, place: string): KeptRoots {
  const { environments, keep, olderThan } = request;
  if (environments.length === 0 && keep === undefined && olderThan === undefined) throw keepsNothing();
  const candidates = [...inventory.packages.values()];
  const present = new Set(candidates.map((node) => node.hash));
  const hashes = (keep ?? []).flatMap((spec) => wholeHash(spec) ?? []);
  const specs = (keep ?? []).filter((spec) => wholeHash(spec) === undefined);
  const pool = { graph: inventory.graph, candidates, name: place };
  const chosen = specs.length === 0 ? [] : filterSpecs(pool, specs);
  const ofEnvironments = environments.flatMap((environment) => environment.roots);
  return {
    roots: new Set([...ofEnvironments, ...hashes, ...chosen.map((node) => node.hash)]),
    graph: new Map([...environments.flatMap(({ graph }) => [...graph]), ...inventory.graph]),
    absent: hashes.filter((hash) => !present.has(hash)),
  };
}

/** Roots with all that they link and run with, and with what built them where that is asked for. */
export function closureOf(
  graph: SpecGraph,
  roots: Iterable<string>,
  { keepBuild = false }: Pick<PruneRequest, "keepBuild">,
): Set<string> {
  const deptypes = keepBuild ? (["link", "run", "build"] as const) : (["link", "run"] as const);
  return new Set(topological(graph, [...new Set(roots)], { deptypes }).map((node) => node.hash));
}

function keepsNothing(): SpackOciError {
  return new SpackOciError("ERR_PRUNE_KEEPS_NOTHING", "Nothing says what to keep.", {
    kind: "usage",
    hint: "Name an environment, a list of specs, or an age; whoever wants to delete everything deletes the repository.",
  });
}
