// Selects the packages of a view from those of an environment.

import {
  compareSpecVersions,
  type DependencyType,
  parseSpec,
  type SpecGraph,
  type SpecNode,
  satisfies,
  specOfNode,
  topological,
} from "@spack-oci/spack-spec";
import type { ViewDescriptor, ViewScope } from "./view-descriptor.js";
import type { ViewPackages } from "./view-packages.js";

const FOLLOWED: Readonly<Record<ViewScope, readonly DependencyType[]>> = {
  all: ["link", "run"],
  run: ["run"],
  roots: [],
};

/**
 * The installed packages that a descriptor selects, dependents first. Externals are included, although a view links
 * nothing of them.
 *
 * Source: `environment/environment.py`, `ViewDescriptor.specs_for_view`.
 *
 * @throws SpackOciError `ERR_SPEC_SYNTAX` and others for constraints that cannot be parsed
 */
export function selectPackages(
  descriptor: ViewDescriptor,
  { graph, roots, isInstalled }: ViewPackages,
): readonly SpecNode[] {
  const isSelected = constraintOf(descriptor, graph);
  return topological(graph, roots, { deptypes: FOLLOWED[descriptor.link] }).filter(
    (node) => isSelected(node) && isInstalled(node),
  );
}

/**
 * Keeps only the newest of several versions of a runtime library.
 *
 * Source: as above, `_exclude_duplicate_runtimes`.
 *
 * @param isRuntime whether a package has the tag `runtime`
 */
export function withoutOldRuntimes(
  nodes: readonly SpecNode[],
  isRuntime: (node: SpecNode) => boolean,
): readonly SpecNode[] {
  const newest = new Map<string, SpecNode>();
  for (const node of nodes.filter(isRuntime)) {
    const known = newest.get(node.name);
    if (known === undefined || compareSpecVersions(known.version, node.version) < 0)
      newest.set(node.name, node);
  }
  return nodes.filter((node) => !newest.has(node.name) || newest.get(node.name) === node);
}

function constraintOf({ select, exclude }: ViewDescriptor, graph: SpecGraph): (node: SpecNode) => boolean {
  const [selected, excluded] = [select, exclude].map((texts) => texts.map((text) => parseSpec(text)));
  return (node) => {
    const spec = specOfNode(graph, node);
    if (selected?.length !== 0 && selected?.some((each) => satisfies(spec, each)) !== true) return false;
    return excluded?.some((each) => satisfies(spec, each)) !== true;
  };
}
