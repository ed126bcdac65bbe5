// Makes a spliced package of the layer of the spec that was built, as Spack does.

import { type SpecGraph, type SpecNode, specsToRelocate, spliceAnalogs } from "@spack-oci/spack-spec";

/**
 * The spec whose layer a package is made from, other than its own: the build spec of a spliced package, if the
 * buildcache has it (Spack: binary_distribution.py, `install_root_node`).
 */
export function builtSpecOf(
  graph: SpecGraph,
  { buildSpec }: SpecNode,
  available: ReadonlySet<string>,
): SpecNode | undefined {
  return buildSpec !== undefined && available.has(buildSpec.hash) ? graph.get(buildSpec.hash) : undefined;
}

/** The new prefixes of the packages that a layer refers to, by their DAG hashes in its build info. */
export function newPrefixes(
  { node, builtFrom }: { readonly node: SpecNode; readonly builtFrom?: SpecNode | undefined },
  { graph, prefixOf }: { readonly graph: SpecGraph; readonly prefixOf: (node: SpecNode) => string },
): ReadonlyMap<string, string> {
  const analogs = builtFrom === undefined ? undefined : spliceAnalogs(graph, node, builtFrom);
  return new Map(
    specsToRelocate(graph, node).map((each) => [analogs?.get(each.hash) ?? each.hash, prefixOf(each)]),
  );
}
