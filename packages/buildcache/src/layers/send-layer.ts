// Packs a layer and puts it into the buildcache, both at once where it is large and the buildcache takes it so.

import { rm } from "node:fs/promises";
import { type Descriptor, isBlobStreamer, type Target } from "@spack-oci/oci-client";
import type { PackageLayer } from "../package-image/package-layer.js";
import { EarlyUpload } from "./early-upload.js";
import type { PackedLayer } from "./spool-layer.js";
import { type UploadOptions, uploadLayer } from "./upload-layer.js";

export interface SendOptions extends UploadOptions {
  /** The file that `pack` writes; it is removed in any case. */
  readonly path: string;
  /** Whether the buildcache may have the layer, so that it has to be asked before anything is sent. */
  readonly mayBeThere: boolean;
  /** Told what the layer is before the first count of bytes. */
  readonly onPacked?: ((layer: Descriptor) => void) | undefined;
}

/**
 * @param pack tells how many bytes are in the file, as there become more
 * @throws what `pack` throws, and what the target does
 */
export async function sendLayer(
  target: Target,
  pack: (onWritten: (size: number) => void) => Promise<PackedLayer>,
  { path, mayBeThere, onPacked, ...options }: SendOptions,
): Promise<PackageLayer> {
  const early = !mayBeThere && isBlobStreamer(target) ? new EarlyUpload(target, path, options) : undefined;
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
