// Formats the manifests that Spack writes: one for a package's image, one for the package index.

import type { Descriptor } from "@spack-oci/oci-client";
import { formatJson, type Json, type JsonArray, type JsonObject } from "@spack-oci/spack-spec";
import { type ImageFormat, OCI_FORMAT } from "./image-format.js";

/** Annotations of an image (OCI image specification, "Annotations"). */
export type Annotations = ReadonlyMap<string, string>;

/** Whether both are equal; undefined equals no annotations. */
export function isSameAnnotations(one: Annotations = new Map(), other: Annotations = new Map()): boolean {
  return one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
}

/**
 * The annotations that Spack gives a package's image: the spec's long form (Spack: binary_distribution.py,
 * `_oci_push`).
 */
export function descriptionOf(spec: string): Annotations {
  return new Map([["org.opencontainers.image.description", spec]]);
}

/** The content of a manifest. */
export interface ImageManifestRequest {
  /** OCI's by default. */
  readonly format?: ImageFormat | undefined;
  readonly config: Descriptor;
  /** Layers of a base image, which come first, unchanged. */
  readonly baseLayers?: JsonArray | undefined;
  readonly layers: readonly Descriptor[];
  /** None by default. Docker's format does not support them. */
  readonly annotations?: Annotations | undefined;
}

/**
 * The text of a manifest, compact and with its keys in Spack's order (Spack: binary_distribution.py,
 * `_oci_put_manifest`).
 */
export function formatImageManifest(request: ImageManifestRequest): string {
  const { format = OCI_FORMAT, config, baseLayers = [], layers, annotations = new Map() } = request;
  const members: [string, Json][] = [
    ["mediaType", format.manifest],
    ["schemaVersion", 2n],
    ["config", reference(config)],
    ["layers", [...baseLayers, ...layers.map(reference)]],
  ];
  if (format.hasAnnotations && annotations.size > 0) members.push(["annotations", annotations]);
  return formatJson(new Map(members));
}

function reference({ mediaType, digest, size }: Descriptor): JsonObject {
  return new Map<string, Json>([
    ["mediaType", mediaType],
    ["digest", digest],
    ["size", BigInt(size)],
  ]);
}
