// Reads what a buildcache says it holds.

import { gunzipSync } from "node:zlib";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { type Descriptor, fetchBytes, fetchManifest, isImageIndex, type Target } from "@spack-oci/oci-client";
import { type IndexDocument, readIndexDocument } from "@spack-oci/spack-store";
import { indexTag } from "../protocol/tags.js";

/** An index of 20 000 packages has about 20 MB. */
const LARGEST_INDEX = 1024 * 1024 * 1024;

/** An index and the blob that it was read from. */
export interface BuildcacheIndex {
  readonly document: IndexDocument;
  readonly descriptor: Descriptor;
}

/**
 * @returns undefined where the buildcache has no index
 * @throws SpackOciError `ERR_INDEX_MALFORMED`, the errors of `readIndexDocument`, and the target's own
 */
export async function readIndex(target: Target, signal?: AbortSignal): Promise<BuildcacheIndex | undefined> {
  const layer = await indexLayer(target, signal);
  if (layer === undefined) return undefined;
  const bytes = unpacked(await fetchBytes(target, layer, { limit: LARGEST_INDEX, signal }));
  return {
    document: readIndexDocument(bytes.toString("utf8"), `${target.name}:${indexTag}`),
    descriptor: layer,
  };
}

/** Tools that copy images compress the layer, because its media type says that it is compressed; Spack writes it plain. */
function unpacked(bytes: Buffer): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? gunzipSync(bytes, { maxOutputLength: LARGEST_INDEX }) : bytes;
}

async function indexLayer(target: Target, signal?: AbortSignal): Promise<Descriptor | undefined> {
  try {
    const { manifest } = await fetchManifest(target, indexTag, { signal });
    const layer = isImageIndex(manifest) ? undefined : manifest.layers[0];
    if (layer !== undefined) return layer;
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return undefined;
    throw error;
  }
  throw new SpackOciError("ERR_INDEX_MALFORMED", `The index of ${target.name} is no image with a layer.`, {
    kind: "corrupt",
    place: `${target.name}:${indexTag}`,
    hint: `Write it again with "spack-oci update-index".`,
  });
}
