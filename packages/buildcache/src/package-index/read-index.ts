// Reads what a buildcache says it holds.

import { gunzipSync } from "node:zlib";
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
import type { Annotations } from "../package-image/image-manifest.js";
import { INDEX_TAG } from "../package-image/tags.js";

/** An index of 20 000 packages has about 20 MB. */
const MAX_INDEX_BYTES = 1024 * 1024 * 1024;

/** What the index's tag is on. */
export interface IndexImage {
  /** Digest of the manifest. */
  readonly digest: Digest;
  /** The document; undefined in an image that is no index. */
  readonly layer: Descriptor | undefined;
  /** What is said of the index and of its mirror; whoever writes the index again keeps it. */
  readonly annotations: Annotations;
}

/**
 * @returns undefined where the buildcache has no index
 * @throws SpackOciError as `resolveIndex` and `readIndexImage` do
 */
export async function readIndex(target: Target, signal?: AbortSignal): Promise<IndexDocument | undefined> {
  const image = await resolveIndex(target, signal);
  return image && readIndexImage(target, image, signal);
}

/**
 * @returns undefined where the buildcache has no index
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
    throw new SpackOciError("ERR_INDEX_MALFORMED", `The index of ${target.name} is no image with a layer.`, {
      kind: "corrupt",
      place,
      hint: `Write it again with "spack-oci update-index".`,
    });
  }
  const bytes = unpacked(await fetchBytes(target, layer, { limit: MAX_INDEX_BYTES, signal }));
  return readIndexDocument(bytes.toString("utf8"), place);
}

/** What an index says is in the buildcache; it lists their dependencies too. */
export function packagesIn({ records }: IndexDocument): SpecNode[] {
  return [...records.values()].filter((record) => record.inBuildcache).map((record) => record.spec);
}

/** Tools that copy images compress the layer, because its media type says that it is compressed; Spack writes it plain. */
function unpacked(bytes: Buffer): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? gunzipSync(bytes, { maxOutputLength: MAX_INDEX_BYTES }) : bytes;
}
