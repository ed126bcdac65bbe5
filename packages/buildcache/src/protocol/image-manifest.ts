// The manifests that Spack writes: one for a package's image, one for the index.

import { type Descriptor, mediaTypes } from "@spack-oci/oci-client";
import { formatJson, type Json, type JsonObject } from "@spack-oci/spack-store";

/** The annotation that holds a spec's long form. */
const DESCRIPTION = "org.opencontainers.image.description";

/**
 * A manifest's text, compact and with its keys in Spack's order (Spack: binary_distribution.py, `_oci_put_manifest`).
 *
 * @param description the spec in Spack's default format; left out for the index
 */
export function formatImageManifest(
  config: Descriptor,
  layers: readonly Descriptor[],
  description?: string,
): string {
  const members: [string, Json][] = [
    ["mediaType", mediaTypes.ociManifest],
    ["schemaVersion", 2n],
    ["config", reference(config)],
    ["layers", layers.map(reference)],
  ];
  if (description !== undefined) members.push(["annotations", new Map([[DESCRIPTION, description]])]);
  return formatJson(new Map(members));
}

function reference({ mediaType, digest, size }: Descriptor): JsonObject {
  return new Map<string, Json>([
    ["mediaType", mediaType],
    ["digest", digest],
    ["size", BigInt(size)],
  ]);
}
