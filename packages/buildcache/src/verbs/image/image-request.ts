// What can be said of an image that is to be made of packages of a buildcache.

import type { Platform, Target } from "@spack-oci/oci-client";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { ImageSource } from "../../package-image/base-image.js";
import type { Annotations } from "../../package-image/image-manifest.js";
import type { ImageSettings } from "./image-settings.js";

export interface ImageRequest extends SpecRequest {
  /** The tag that the image gets. */
  readonly tag: string;
  /** Where the image goes; into the buildcache by default. */
  readonly destination?: Target | undefined;
  /** The image that packages are put on top of. */
  readonly baseImage?: ImageSource | undefined;
  /** One image for each, joined in an index where there are several; by default, for what was chosen. */
  readonly platforms?: readonly Platform[] | undefined;
  /** The most layers that an image may have, those of the base included; 127 by default, and never more. */
  readonly maxLayers?: number | undefined;
  /** Put all packages into one layer. */
  readonly squash?: boolean | undefined;
  /** An absolute path at which all packages are linked into one directory. */
  readonly view?: string | undefined;
  readonly settings?: ImageSettings | undefined;
  /** The time that the image claims to be made at; that of its newest part by default, so that it depends on nothing else. */
  readonly createdAt?: Date | undefined;
  /** What is said of an image that was made at that time. */
  readonly annotations?: ((createdAt: Date) => Annotations) | undefined;
  /** Look at everything, and stop. */
  readonly dryRun?: boolean | undefined;
}
