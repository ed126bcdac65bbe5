// Reads what a layer says about itself in its last member, before anything else of it.

import { type Descriptor, isRangeReader, type Target } from "@spack-oci/oci-client";
import { compressionOfMediaType, provenanceAtEnd } from "@spack-oci/spack-tarball";
import type { KnownPackage } from "../prefix-writing/known-package.js";

/** Bytes; room for a `binary_distribution` that lists tens of thousands of files. */
const END_LENGTH = 256 * 1024;

/**
 * @returns undefined if the target does not read ranges, or if the end of the layer cannot be decompressed by itself.
 *   The digest of a layer does not cover a part of it: compare the result with the whole layer.
 * @throws SpackOciError of the target
 */
export async function readLayerEnd(
  target: Target,
  layer: Descriptor,
  signal: AbortSignal | undefined,
): Promise<KnownPackage | undefined> {
  const compression = compressionOfMediaType(layer.mediaType);
  if (compression === undefined || !isRangeReader(target)) return undefined;
  const length = Math.min(END_LENGTH, layer.size);
  const end = await target.readRange(layer, { start: layer.size - length, length }, { signal });
  const found = end && (await provenanceAtEnd(end, compression));
  if (found?.buildInfo === undefined || found.prefix === undefined) return undefined;
  return { buildInfo: found.buildInfo, memberPrefix: found.prefix.slice(1) };
}
