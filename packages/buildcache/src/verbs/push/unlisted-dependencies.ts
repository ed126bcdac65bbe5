// Finds dependencies that the databases do not list, such as those in an upstream that is not configured.

import { isRuntimeDependency, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { describePackage } from "../../events/events.js";

/**
 * What is missing at run time, as messages. Spack warns as well, and makes images without it (`spack/database.py`,
 * `_assign_dependencies`).
 */
export function unlistedDependencies(graph: SpecGraph, nodes: readonly SpecNode[]): readonly string[] {
  return nodes.flatMap((node) =>
    node.dependencies
      .filter((edge) => isRuntimeDependency(edge) && !graph.has(edge.hash))
      .map(
        ({ name, hash }) =>
          `${describePackage(node)} needs ${name}/${hash.slice(0, 7)}, which the store's database does not list; images are made without it. If it is in an upstream, push with the configuration that names the upstream, without --store.`,
      ),
  );
}
