// Decides what to keep: roots and their dependencies.

import { SpackOciError } from "@spack-oci/errors";
import { type SpecGraph, topological } from "@spack-oci/spack-spec";
import { filterSpecs } from "../../catalog/select-specs.js";
import type { Inventory } from "./inventory.js";
import { wholeHash } from "./keep-list.js";
import type { PruneRequest } from "./prune-request.js";

/** The DAG hashes that a request names, and the graph to find their dependencies in. */
export interface KeptRoots {
  readonly roots: ReadonlySet<string>;
  readonly graph: SpecGraph;
  /** Hashes on the list that the buildcache does not have. */
  readonly absent: readonly string[];
}

/**
 * @param place names the buildcache in errors
 * @throws SpackOciError `ERR_PRUNE_KEEPS_NOTHING` for a request that keeps nothing, `ERR_SPEC_NOT_FOUND` for a spec
 *   that matches nothing: with a typing mistake, the wrong packages would be deleted
 */
export function keptRoots(request: PruneRequest, inventory: Inventory, place: string): KeptRoots {
  const { environments, keep, olderThan } = request;
  if (environments.length === 0 && keep === undefined && olderThan === undefined) throw nothingToKeep();
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

/** Roots with all their link and run dependencies, and with their build dependencies if requested. */
export function closureOf(
  graph: SpecGraph,
  roots: Iterable<string>,
  { keepBuild = false }: Pick<PruneRequest, "keepBuild">,
): Set<string> {
  const deptypes = keepBuild ? (["link", "run", "build"] as const) : (["link", "run"] as const);
  return new Set(topological(graph, [...new Set(roots)], { deptypes }).map((node) => node.hash));
}

function nothingToKeep(): SpackOciError {
  return new SpackOciError("ERR_PRUNE_KEEPS_NOTHING", "Nothing to keep was specified.", {
    kind: "usage",
    hint: "Give an environment, a list of specs, or an age. To delete everything, delete the repository.",
  });
}
