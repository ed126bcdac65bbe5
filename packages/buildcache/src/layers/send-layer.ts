// Packs a layer and puts it into the buildcache; large layers are uploaded while they are packed, if the buildcache
// supports it.

import { rm } from "node:fs/promises";
import { type Descriptor, isBlobStreamer, type Target } from "@spack-oci/oci-client";
import type { PackageLayer } from "../package-image/package-layer.js";
import { EarlyUpload } from "./early-upload.js";
import type { PackedLayer } from "./spool-layer.js";
import { type UploadOptions, uploadLayer } from "./upload-layer.js";

export interface SendOptions extends UploadOptions {
  /** The file that `pack` writes; always removed. */
  readonly path: string;
  /** Whether the buildcache may have the layer, so that it has to be asked before anything is sent. */
  readonly mayExist: boolean;
  /** Called with the layer before the first progress report. */
  readonly onPacked?: ((layer: Descriptor) => void) | undefined;
}

/**
 * @param pack reports how many bytes the file has as it grows
 * @throws what `pack` and the target throw
 */
export async function sendLayer(
  target: Target,
  pack: (onWritten: (size: number) => void) => Promise<PackedLayer>,
  { path, mayExist, onPacked, ...options }: SendOptions,
): Promise<PackageLayer> {
  const early = !mayExist && isBlobStreamer(target) ? new EarlyUpload(target, path, options) : undefined;
  let packed: PackedLayer;
  try {
    packed = await pack((size) => early?.grown(size));
  } catch (error) {
    await early?.giveUp(error);
    throw error;
  }
  const { descriptor, diffId } = packed;
  onPacked?.(descriptor);
  try {
    if ((await early?.finish(descriptor)) !== true) return await uploadLayer(target, packed, options);
    return { descriptor, diffId };
  } finally {
    await rm(path, { force: true });
  }
}
