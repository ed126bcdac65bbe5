// Reads the package index of a buildcache.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  type Descriptor,
  type Digest,
  fetchBytes,
  fetchManifest,
  isImageIndex,
  type Target,
} from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import { type IndexDocument, readIndexDocument } from "@spack-oci/spack-store";
import { MAX_INDEX_SIZE } from "../failures/content-limits.js";
import { unpackGzip } from "../failures/unpack-gzip.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { INDEX_TAG } from "../package-image/tags.js";

/** The image under the index's tag. */
export interface IndexImage {
  /** Digest of the manifest. */
  readonly digest: Digest;
  /** The document; undefined if the image is not an index. */
  readonly layer: Descriptor | undefined;
  /** Annotations of the index, and of its buildcache; writers of the index keep them. */
  readonly annotations: Annotations;
}

/**
 * @returns undefined if the buildcache has no index
 * @throws SpackOciError as `resolveIndex` and `readIndexImage` do
 */
export async function readIndex(target: Target, signal?: AbortSignal): Promise<IndexDocument | undefined> {
  const image = await resolveIndex(target, signal);
  return image && readIndexImage(target, image, signal);
}

/**
 * @returns undefined if the buildcache has no index
 * @throws SpackOciError the target's own errors
 */
export async function resolveIndex(target: Target, signal?: AbortSignal): Promise<IndexImage | undefined> {
  try {
    const { descriptor, manifest } = await fetchManifest(target, INDEX_TAG, { signal });
    const annotations = new Map(Object.entries(manifest.annotations ?? {}));
    const layer = isImageIndex(manifest) ? undefined : manifest.layers[0];
    return { digest: descriptor.digest, layer, annotations };
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return undefined;
    throw error;
  }
}

/** @throws SpackOciError `ERR_INDEX_MALFORMED`, the errors of `readIndexDocument`, and the target's own */
export async function readIndexImage(
  target: Target,
  { layer }: IndexImage,
  signal?: AbortSignal,
): Promise<IndexDocument> {
  const place = `${target.name}:${INDEX_TAG}`;
  if (layer === undefined) {
    throw new SpackOciError(
      "ERR_INDEX_MALFORMED",
      `The package index of ${target.name} is not an image with a layer.`,
      {
        kind: "corrupt",
        place,
        hint: `Run "spack-oci update-index" to write it again.`,
      },
    );
  }
  const bytes = await fetchBytes(target, layer, { limit: MAX_INDEX_SIZE, signal });
  // Tools that copy images may compress the layer, because its media type promises compression; Spack writes it plain.
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = isGzip ? await unpackGzip({ bytes, place, limit: MAX_INDEX_SIZE }) : bytes;
  return readIndexDocument(text.toString("utf8"), place);
}

/** The packages that an index lists as present in the buildcache; an index has their dependencies too. */
export function packagesIn({ records }: IndexDocument): SpecNode[] {
  return [...records.values()].filter((record) => record.inBuildcache).map((record) => record.spec);
}
