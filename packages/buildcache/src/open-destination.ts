// Describes a store of one's own, which no Spack manages.

import { packagePermissions, storeAt } from "@spack-oci/spack-store";
import type { Destination } from "./pull/destination.js";

export interface DestinationOptions {
  /** Root of the install tree, without padding. */
  readonly root: string;
  readonly paddedLength?: number | undefined;
  /** Spec to format; `all` fits every spec. Spack's own by default. */
  readonly projections?: ReadonlyMap<string, string> | undefined;
}

export function openDestination(options: DestinationOptions): Destination {
  return {
    store: storeAt(options.root, options.paddedLength),
    projections: options.projections ?? new Map(),
    permissions: packagePermissions(),
  };
}
