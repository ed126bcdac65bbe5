// Defines what a user can request of an image of packages.

import type { Platform, Target } from "@spack-oci/oci-client";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { ImageSource } from "../../package-image/base-image.js";
import type { Annotations } from "../../package-image/image-manifest.js";
import type { ImageSettings } from "./image-settings.js";

export interface ImageRequest extends SpecRequest {
  /** The tag of the image. */
  readonly tag: string;
  /** Where to write the image; the buildcache itself by default. */
  readonly destination?: Target | undefined;
  /** The base image to put packages on top of. */
  readonly baseImage?: ImageSource | undefined;
  /**
   * One image for each, joined by an image index if there are several; by default, the architectures of the chosen
   * packages.
   */
  readonly platforms?: readonly Platform[] | undefined;
  /** The maximum number of layers in an image, including those of the base; at most 127, which is the default. */
  readonly maxLayers?: number | undefined;
  /** Puts all packages into one layer. */
  readonly squash?: boolean | undefined;
  /** An absolute path at which all packages are linked into one directory. */
  readonly view?: string | undefined;
  readonly settings?: ImageSettings | undefined;
  /** The creation time of the image; by default that of its newest part, so that the image depends on nothing else. */
  readonly createdAt?: Date | undefined;
  /** The annotations of an image with that creation time. */
  readonly annotations?: ((createdAt: Date) => Annotations) | undefined;
  /** Checks everything, and stops. */
  readonly dryRun?: boolean | undefined;
}
