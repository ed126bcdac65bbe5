// Packs a layer and puts it into the buildcache; large layers are uploaded while they are packed, if the buildcache
// supports it.

import { type Descriptor, isBlobStreamer, type Target } from "@spack-oci/oci-client";
import type { PackageLayer } from "../package-image/package-layer.js";
import { EarlyUpload } from "./early-upload.js";
import type { PackedLayer } from "./packed-layer.js";
import type { UploadOptions } from "./upload-layer.js";

/** A layer of up to this many bytes is sent in less time than it takes to ask a distant registry whether it exists. */
const MAX_UNASKED = 512 * 1024;

export interface SendOptions extends UploadOptions {
  /** The file that `pack` writes, if it writes one. */
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
  const { descriptor, diffId, body } = packed;
  try {
    onPacked?.(descriptor);
    if ((await early?.finish(descriptor)) !== true) {
      const isAsked = mayExist || descriptor.size > MAX_UNASKED;
      await target.push(descriptor, body, { ...options, mayExist: isAsked });
    }
    return { descriptor, diffId };
  } catch (error) {
    await early?.giveUp(error);
    throw error;
  } finally {
    await packed.discard();
  }
}
