// The media types of an image. Docker's and OCI's are equivalent, but not every tool accepts an image that mixes
// them.

import { MEDIA_TYPES } from "@spack-oci/oci-client";

/** Media types that belong together. */
export interface ImageFormat {
  readonly manifest: string;
  readonly config: string;
  /** For a layer compressed with gzip. */
  readonly layer: string;
  /** Whether manifests can have annotations. */
  readonly hasAnnotations: boolean;
}

/** OCI image specification, version 1. */
export const OCI_FORMAT: ImageFormat = {
  manifest: MEDIA_TYPES.ociManifest,
  config: MEDIA_TYPES.ociConfig,
  layer: MEDIA_TYPES.ociLayerGzip,
  hasAnnotations: true,
};

/** Docker's image manifest, version 2, schema 2. */
const DOCKER_FORMAT: ImageFormat = {
  manifest: MEDIA_TYPES.dockerManifest,
  config: MEDIA_TYPES.dockerConfig,
  layer: MEDIA_TYPES.dockerLayerGzip,
  hasAnnotations: false,
};

/** The format that a manifest's media type belongs to: Docker's own, else OCI's (Spack: `_oci_put_manifest`). */
export function formatOf(manifestType: string): ImageFormat {
  return manifestType === MEDIA_TYPES.dockerManifest ? DOCKER_FORMAT : OCI_FORMAT;
}

/** A layer's media type in a format; types other than gzip's, such as zstd's, are unchanged. */
export function layerTypeIn(format: ImageFormat, mediaType: string): string {
  return [OCI_FORMAT.layer, DOCKER_FORMAT.layer].includes(mediaType) ? format.layer : mediaType;
}
