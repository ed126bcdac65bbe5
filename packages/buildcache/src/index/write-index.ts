// Writes the index as the image that Spack makes of it.

import { type Descriptor, mediaTypes, pushBytes, type Target } from "@spack-oci/oci-client";
import { buildIndexDocument, type SpecDocument } from "@spack-oci/spack-store";
import { formatImageManifest } from "../protocol/image-manifest.js";
import { indexTag } from "../protocol/tags.js";

/**
 * The layer is the plain JSON document although its media type says otherwise: Spack's readers expect that, and a layer
 * is safe from garbage collection (Spack: binary_distribution.py, `_oci_update_index`).
 *
 * @param current the blob of the index that is there; an equal one is not written again
 */
export async function writeIndex(
  target: Target,
  specs: readonly SpecDocument[],
  current: Descriptor | undefined,
  signal?: AbortSignal,
): Promise<"written" | "unchanged"> {
  const text = Buffer.from(buildIndexDocument(specs));
  const { descriptor: layer } = await pushBytes(target, mediaTypes.ociLayerGzip, text, { signal });
  if (current !== undefined && current.digest === layer.digest) return "unchanged";
  const { descriptor: config } = await pushBytes(target, mediaTypes.ociConfig, Buffer.from("{}"), { signal });
  const manifest = Buffer.from(formatImageManifest({ config, layers: [layer] }));
  await pushBytes(target, mediaTypes.ociManifest, manifest, { tag: indexTag, signal });
  return "written";
}
