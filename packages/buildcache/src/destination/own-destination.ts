// A store of one's own, which no Spack manages.

import { packagePermissions, storeAt } from "@spack-oci/spack-store";
import { canonicalPrefix, completeProjections, type TreeRequest } from "../install-tree/canonical-tree.js";
import type { Destination } from "./destination.js";

export function ownDestination({ root, paddedLength = 0, projections: wanted }: TreeRequest): Destination {
  const store = storeAt(root, paddedLength);
  const projections = completeProjections(wanted);
  return {
    store,
    prefixOf: (graph, node) => canonicalPrefix({ store, paddedLength, projections }, graph, node),
    permissionsOf: async () => packagePermissions(),
    upstreams: [],
  };
}
