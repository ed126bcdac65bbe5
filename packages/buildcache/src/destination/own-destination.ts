// Describes a store outside of any Spack instance.

import { packagePermissions, storeAt } from "@spack-oci/spack-store";
import { completeProjections, type InstallTreeRequest, prefixInTree } from "../install-tree/install-tree.js";
import type { Destination, LockSettings } from "./destination.js";

/** @param locks as Spack's configuration has them, if there is a Spack */
export function ownDestination(
  { root, paddedLength = 0, projections: wanted }: InstallTreeRequest,
  locks: LockSettings = {},
): Destination {
  const store = storeAt(root, paddedLength);
  const projections = completeProjections(wanted);
  return {
    store,
    prefixOf: (graph, node) => prefixInTree({ store, paddedLength, projections }, graph, node),
    permissionsOf: async () => packagePermissions(),
    upstreams: [],
    ...locks,
  };
}
