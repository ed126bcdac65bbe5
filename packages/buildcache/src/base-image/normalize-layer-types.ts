// Gives all layers of a base image the media types of its manifest's format, since some images mix Docker's and
// OCI's.

import { isJsonObject, type JsonArray } from "@spack-oci/spack-spec";
import { type ImageFormat, layerTypeIn } from "../package-image/image-format.js";

/** Preserves the order of keys. */
export function normalizeLayerTypes(layers: JsonArray, format: ImageFormat): JsonArray {
  return layers.map((layer) => {
    const mediaType = isJsonObject(layer) ? layer.get("mediaType") : undefined;
    if (!isJsonObject(layer) || typeof mediaType !== "string") return layer;
    return new Map(layer).set("mediaType", layerTypeIn(format, mediaType));
  });
}
