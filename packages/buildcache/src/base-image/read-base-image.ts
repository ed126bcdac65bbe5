// Reads a base image before anything is built on top of it.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { fetchBytes, fetchManifest, type ImageManifest, isImageIndex } from "@spack-oci/oci-client";
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, parseJson } from "@spack-oci/spack-spec";
import { MAX_CONFIG_SIZE } from "../failures/content-limits.js";
import type { BaseImage, ImageSource } from "../package-image/base-image.js";
import { formatOf } from "../package-image/image-format.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { diffIdsIn, environmentIn } from "../package-image/runnable-config.js";
import { normalizeLayerTypes } from "./normalize-layer-types.js";
import { chooseManifest, requirePlatform } from "./platform.js";

/** How deep image indexes may be nested, as in Spack (oci/oci.py, `get_manifest_and_config`). */
const MAX_INDEX_DEPTH = 3;

/**
 * @param architecture in OCI's terms: `amd64`, `arm64`, ...
 * @throws SpackOciError `ERR_BASE_IMAGE` with the kind of its cause: `not-found`, `denied`, `unreachable`, ...;
 *   `ERR_BASE_IMAGE_PLATFORM`
 */
export async function readBaseImage(
  source: ImageSource,
  architecture: string,
  signal?: AbortSignal,
): Promise<BaseImage> {
  const place = placeOf(source);
  try {
    return await read(source, { architecture, place, signal });
  } catch (error) {
    if (!isSpackOciError(error) || error.code.startsWith("ERR_BASE_IMAGE")) throw error;
    const { kind, hint } = error;
    const message = `Could not read the base image ${place}: ${error.message}`;
    throw new SpackOciError("ERR_BASE_IMAGE", message, { kind, place, hint, cause: error });
  }
}

interface BaseImageRequest {
  readonly architecture: string;
  /** Names the image in errors. */
  readonly place: string;
  readonly signal: AbortSignal | undefined;
}

async function read(
  source: ImageSource,
  { architecture, place, signal }: BaseImageRequest,
): Promise<BaseImage> {
  const { target } = source;
  const named = await fetchManifest(target, source.reference, { signal });
  let found = named;
  for (let depth = 0; isImageIndex(found.manifest); depth += 1) {
    if (depth === MAX_INDEX_DEPTH) throw notAnImage(place, "its image indexes are nested too deeply");
    const { digest } = chooseManifest(found.manifest, architecture, place);
    found = await fetchManifest(target, digest, { signal });
  }
  const manifest = found.manifest;
  const bytes = await fetchBytes(target, manifest.config, { limit: MAX_CONFIG_SIZE, signal });
  const config = parseConfig(bytes.toString("utf8"), manifest, place);
  requirePlatform(config, architecture, place);
  const format = formatOf(found.descriptor.mediaType);
  return {
    target,
    format,
    layers: manifest.layers,
    listedLayers: normalizeLayerTypes(layersIn(found.bytes, place), format),
    config,
    environment: environmentIn(config),
    annotations: annotationsOf(source, named.descriptor.digest),
  };
}

function parseConfig(text: string, { layers }: ImageManifest, place: string): JsonObject {
  const config = parseJson(text, { place });
  if (!isJsonObject(config) || diffIdsIn(config).length !== layers.length) {
    throw notAnImage(place, "its config does not match its layers");
  }
  return config;
}

/** Read from the JSON text, so that unknown keys are kept. */
function layersIn(manifest: Buffer, place: string): JsonArray {
  const json = parseJson(manifest.toString("utf8"), { place });
  const layers = isJsonObject(json) ? json.get("layers") : undefined;
  return isJsonArray(layers) ? layers : [];
}

/** The image's name, and the digest it resolved to (OCI image specification, "Pre-Defined Annotation Keys"). */
function annotationsOf({ fullName }: ImageSource, digest: string): Annotations {
  const name = fullName === undefined ? [] : [["org.opencontainers.image.base.name", fullName] as const];
  return new Map([...name, ["org.opencontainers.image.base.digest", digest]]);
}

function placeOf({ target, reference }: ImageSource): string {
  return `${target.name}${reference.includes(":") ? "@" : ":"}${reference}`;
}

function notAnImage(place: string, why: string): SpackOciError {
  return new SpackOciError("ERR_BASE_IMAGE", `The base image ${place} is not a container image: ${why}.`, {
    kind: "unsupported",
    place,
    hint: "Choose an image that container engines can run.",
  });
}
