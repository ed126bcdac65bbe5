// Fetches a manifest by tag or digest from any target, with as few requests as the target allows.

import type { Descriptor } from "../content/descriptor.js";
import { type Manifest, parseManifest } from "../content/manifest.js";
import { MAX_FETCHED_MANIFEST_SIZE } from "../limits.js";
import { fetchBytes } from "./bytes.js";
import { isManifestFetcher, type RequestOptions, type Target } from "./target.js";

/** A manifest with its bytes and their descriptor. */
export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
  readonly manifest: Manifest;
}

/**
 * Fetches and parses the manifest with a tag or digest.
 *
 * @throws SpackOciError of kind `not-found` if there is none, `corrupt` if it is not a manifest.
 *
 * @example
 * ```ts
 * import { fetchManifest, isImageIndex, openTarget } from "@spack-oci/oci-client";
 *
 * const { manifest } = await fetchManifest(openTarget("oci-layout:buildcache"), "index.spack");
 * if (!isImageIndex(manifest)) console.log(manifest.layers.length); // 1
 * ```
 */
export async function fetchManifest(
  target: Target,
  reference: string,
  options: RequestOptions = {},
): Promise<FetchedManifest> {
  const { descriptor, bytes } = await manifestBytes(target, reference, options);
  return { descriptor, bytes, manifest: parseManifest(bytes, `${target.name} ${reference}`) };
}

async function manifestBytes(target: Target, reference: string, options: RequestOptions) {
  if (isManifestFetcher(target)) return target.fetchManifestBytes(reference, options);
  const descriptor = await target.resolve(reference, options);
  return {
    descriptor,
    bytes: await fetchBytes(target, descriptor, { ...options, limit: MAX_FETCHED_MANIFEST_SIZE }),
  };
}
