// Uploads a packed layer to the buildcache, and removes its file.

import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { Target } from "@spack-oci/oci-client";
import type { PackageLayer } from "../package-image/package-layer.js";
import type { PackedLayer } from "./spool-layer.js";

export interface UploadOptions {
  readonly onBytes?: ((count: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The file is opened again for every attempt, and removed before this returns or throws. */
export async function uploadLayer(
  target: Target,
  layer: PackedLayer,
  options: UploadOptions,
): Promise<PackageLayer> {
  try {
    await target.push(layer.descriptor, () => createReadStream(layer.path), options);
  } finally {
    await rm(layer.path, { force: true });
  }
  return { descriptor: layer.descriptor, diffId: layer.diffId };
}
