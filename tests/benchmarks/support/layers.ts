// The layer of the filled package in a registry.

import { basename } from "node:path";
import { type Descriptor, fetchManifest, isImageIndex } from "@spack-oci/oci-client";
import { specFile } from "../../interop/support/spack.js";
import { FILLED } from "../stores/filled-package.js";
import type { Surroundings } from "./surroundings.js";

const TAG = basename(specFile(FILLED), ".spec.json").concat(".spack");

/**
 * The package's own layer.
 *
 * @throws Error if the buildcache does not have it
 */
export async function layerOf(surroundings: Surroundings, mirror: string): Promise<Descriptor> {
  const { manifest } = await fetchManifest(surroundings.open(mirror), TAG);
  const layer = isImageIndex(manifest) ? undefined : manifest.layers.at(-1);
  if (layer === undefined) throw new Error(`${mirror} has no layer under ${TAG}`);
  return layer;
}

/** The URL of the package's own layer, for curl. */
export async function layerUrl(surroundings: Surroundings, mirror: string): Promise<string> {
  const { host, pathname } = new URL(mirror);
  return `https://${host}/v2${pathname}/blobs/${(await layerOf(surroundings, mirror)).digest}`;
}
