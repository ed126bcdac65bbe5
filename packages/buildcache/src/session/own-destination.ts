// A store of one's own, which no Spack manages.

import { defaultProjections, packagePermissions, projectPath, storeAt } from "@spack-oci/spack-store";
import type { Destination } from "../pull/destination.js";

export interface OwnStoreOptions {
  /** Root of the install tree, without padding. */
  readonly root: string;
  /** Length to pad the root to, in characters. */
  readonly paddedLength?: number | undefined;
  /** Paths below the root by the specs that they are for; `all` is for every other one. Spack's own by default. */
  readonly projections?: ReadonlyMap<string, string> | undefined;
}

export function ownDestination(options: OwnStoreOptions): Destination {
  const store = storeAt(options.root, options.paddedLength);
  const projections = new Map([...(options.projections ?? []), ...withoutKeys(options.projections)]);
  return {
    store,
    prefixOf: (graph, node) => `${store.root}/${projectPath(graph, node, projections)}`,
    permissionsOf: async () => packagePermissions(),
    upstreams: [],
  };
}

/** Spack's default for everything that the user gave no projection for. */
function withoutKeys(projections: ReadonlyMap<string, string> = new Map()): [string, string][] {
  return [...defaultProjections].filter(([key]) => !projections.has(key));
}
