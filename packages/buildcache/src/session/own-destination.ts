// A store of one's own, which no Spack manages.

import { packagePermissions, projectPath, storeAt } from "@spack-oci/spack-store";
import { completeProjections, type TreeRequest } from "../canonical/canonical-tree.js";
import type { Destination } from "../pull/destination.js";

export function ownDestination(options: TreeRequest): Destination {
  const store = storeAt(options.root, options.paddedLength);
  const projections = completeProjections(options.projections);
  return {
    store,
    prefixOf: (graph, node) => `${store.root}/${projectPath(graph, node, projections)}`,
    permissionsOf: async () => packagePermissions(),
    upstreams: [],
  };
}
