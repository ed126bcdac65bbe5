// The manifests that Spack writes: one for a package's image, one for the index.

import type { Descriptor } from "@spack-oci/oci-client";
import { formatJson, type Json, type JsonArray, type JsonObject } from "@spack-oci/spack-store";
import { type ImageFormat, ociFormat } from "./image-format.js";

/** The annotation that holds a spec's long form. */
const DESCRIPTION = "org.opencontainers.image.description";

/** What goes into a manifest. */
export interface ImageManifestRequest {
  /** OCI's by default. */
  readonly format?: ImageFormat | undefined;
  readonly config: Descriptor;
  /** Layers of a base image, which come first and stay as they are. */
  readonly baseLayers?: JsonArray | undefined;
  readonly layers: readonly Descriptor[];
  /** The spec in Spack's default format; left out for the index. Docker's format has no place for it. */
  readonly description?: string | undefined;
}

/** A manifest's text, compact and with its keys in Spack's order (Spack: binary_distribution.py, `_oci_put_manifest`). */
export function formatImageManifest(request: ImageManifestRequest): string {
  const { format = ociFormat, config, baseLayers = [], layers, description } = request;
  const members: [string, Json][] = [
    ["mediaType", format.manifest],
    ["schemaVersion", 2n],
    ["config", reference(config)],
    ["layers", [...baseLayers, ...layers.map(reference)]],
  ];
  if (format.hasAnnotations && description !== undefined)
    members.push(["annotations", new Map([[DESCRIPTION, description]])]);
  return formatJson(new Map(members));
}

function reference({ mediaType, digest, size }: Descriptor): JsonObject {
  return new Map<string, Json>([
    ["mediaType", mediaType],
    ["digest", digest],
    ["size", BigInt(size)],
  ]);
}
