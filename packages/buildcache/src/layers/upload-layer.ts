// Uploads a packed layer to the buildcache, and lets go of it.

import type { Target } from "@spack-oci/oci-client";
import type { PackageLayer } from "../package-image/package-layer.js";
import type { PackedLayer } from "./packed-layer.js";

export interface UploadOptions {
  readonly onBytes?: ((count: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The layer is opened again for every attempt, and discarded before this returns or throws. */
export async function uploadLayer(
  target: Target,
  layer: PackedLayer,
  options: UploadOptions,
): Promise<PackageLayer> {
  try {
    await target.push(layer.descriptor, layer.body, options);
  } finally {
    await layer.discard();
  }
  return { descriptor: layer.descriptor, diffId: layer.diffId };
}
