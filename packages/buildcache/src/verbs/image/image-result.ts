// What an image of packages turned out to be.

import type { Platform } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { ViewConflict } from "@spack-oci/spack-tarball";
import type { PushedImage } from "../../package-image/pushed-image.js";

/** The image for one platform. */
export interface PlatformImage {
  readonly platform: Platform;
  readonly roots: readonly SpecNode[];
  /** The packages of each layer on top of those of the base, the lowest first; a view's layer is not among them. */
  readonly groups: readonly (readonly SpecNode[])[];
  /** Undefined after a dry run. */
  readonly pushed: PushedImage | undefined;
  /** What is not in the view because something else is at its place. */
  readonly conflicts: readonly ViewConflict[];
}

export interface ImageResult {
  /** What the tag names: the one image, or an index of several; undefined after a dry run. */
  readonly pushed: PushedImage | undefined;
  /** One for each platform. */
  readonly images: readonly PlatformImage[];
}
