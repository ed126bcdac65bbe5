// Defines what the verb image returns.

import type { Platform } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { ViewConflict } from "@spack-oci/spack-tarball";
import type { PushedImage } from "../../package-image/pushed-image.js";

/** The image for one platform. */
export interface PlatformImage {
  readonly platform: Platform;
  readonly roots: readonly SpecNode[];
  /** The packages of each layer on top of the base, the lowest first; without the layer of a view. */
  readonly groups: readonly (readonly SpecNode[])[];
  /** Undefined after a dry run. */
  readonly pushed: PushedImage | undefined;
  /** Paths that the view lacks because another package has the same ones. */
  readonly conflicts: readonly ViewConflict[];
}

export interface ImageResult {
  /** What the tag is on: the single image, or an image index; undefined after a dry run. */
  readonly pushed: PushedImage | undefined;
  /** One for each platform. */
  readonly images: readonly PlatformImage[];
}
