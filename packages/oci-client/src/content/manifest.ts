// Manifests are the only content that this client interprets: the parts of an image, or the images in an index.

import type { Descriptor } from "./descriptor.js";
import { isDigest } from "./digest.js";
import { isRecord, parseJson } from "./json.js";
import { bareMediaType, isIndexType, isManifestType, MEDIA_TYPES } from "./media-types.js";
import { corruptContent } from "./verify.js";

/** An image manifest (OCI image specification, manifest.md; Docker's schema 2 has the same fields). */
export interface ImageManifest {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Record<string, string>;
}

/** A list of manifests (OCI image specification, image-index.md; Docker's manifest list has the same fields). */
export interface ImageIndex {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Record<string, string>;
}

/** Anything that a `/manifests/` request can return. */
export type Manifest = ImageManifest | ImageIndex;

/** Whether a manifest is an image index. */
export function isImageIndex(manifest: Manifest): manifest is ImageIndex {
  return "manifests" in manifest;
}

/**
 * Everything that a manifest refers to directly, in order: config and layers, or the listed manifests.
 *
 * @example
 * ```ts
 * import { childrenOf, fetchManifest, openTarget } from "@spack-oci/oci-client";
 *
 * const { manifest } = await fetchManifest(openTarget("oci-layout:buildcache"), "index.spack");
 * console.log(childrenOf(manifest).length); // 2
 * ```
 */
export function childrenOf(manifest: Manifest): readonly Descriptor[] {
  return isImageIndex(manifest) ? manifest.manifests : [manifest.config, ...manifest.layers];
}

/**
 * Whether registries store a layer. Non-distributable layers are fetched from elsewhere when the image runs
 * (layer.md).
 *
 * @example
 * ```ts
 * import { descriptorOf, isDistributable } from "@spack-oci/oci-client";
 *
 * const layer = descriptorOf("application/vnd.oci.image.layer.v1.tar+gzip", Buffer.from(""));
 * console.log(isDistributable(layer)); // true
 * ```
 */
export function isDistributable({ mediaType, urls }: Descriptor): boolean {
  return urls === undefined || !/nondistributable|foreign/.test(mediaType);
}

/**
 * Parses a manifest and checks the fields that everything relies on.
 *
 * @throws SpackOciError of kind `corrupt` if it is not JSON, not schema 2, or has a malformed descriptor.
 */
export function parseManifest(bytes: Uint8Array, place: string): Manifest {
  const value = readJson(bytes, place);
  if (!isRecord(value)) throw corruptContent(place, "the manifest is not a JSON object");
  if (value["schemaVersion"] !== 2) {
    throw corruptContent(place, `schemaVersion is ${JSON.stringify(value["schemaVersion"])}, expected 2`);
  }
  if (Array.isArray(value["manifests"])) {
    checkDescriptors(value["manifests"], `${place} manifests`);
    return value as unknown as ImageIndex;
  }
  if (!Array.isArray(value["layers"])) throw corruptContent(place, "it has neither layers nor manifests");
  checkDescriptor(value["config"], `${place} config`);
  checkDescriptors(value["layers"], `${place} layers`);
  return value as unknown as ImageManifest;
}

/**
 * The media type of a manifest: the one that it was served with if it fits, else its own field, else what its fields
 * imply.
 */
export function manifestMediaType(manifest: Manifest, servedAs?: string): string {
  const served = servedAs === undefined ? undefined : bareMediaType(servedAs);
  if (served !== undefined && isManifestType(served)) {
    const agrees = isIndexType(served) === isImageIndex(manifest);
    if (agrees) return served;
  }
  if (manifest.mediaType !== undefined) return manifest.mediaType;
  return isImageIndex(manifest) ? MEDIA_TYPES.ociIndex : MEDIA_TYPES.ociManifest;
}

function readJson(bytes: Uint8Array, place: string): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw corruptContent(place, "the manifest is not JSON", cause);
  }
}

function checkDescriptors(values: readonly unknown[], place: string): void {
  for (const [i, value] of values.entries()) checkDescriptor(value, `${place}[${i}]`);
}

function checkDescriptor(value: unknown, place: string): asserts value is Descriptor {
  const { mediaType, digest, size } = isRecord(value) ? value : {};
  if (typeof mediaType !== "string") throw corruptContent(place, "the descriptor has no media type");
  if (!isDigest(digest)) throw corruptContent(place, `${JSON.stringify(digest)} is not a digest`);
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw corruptContent(place, `${JSON.stringify(size)} is not a size`);
  }
}
