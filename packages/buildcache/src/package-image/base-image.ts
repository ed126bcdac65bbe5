// Describes an image that packages are put on top of: where it is, and what an image of packages takes from it.

import type { Descriptor, Target } from "@spack-oci/oci-client";
import type { JsonArray, JsonObject } from "@spack-oci/spack-spec";
import type { ImageFormat } from "./image-format.js";
import type { Annotations } from "./image-manifest.js";

/** An image as the user named it, not read yet. */
export interface ImageSource {
  readonly target: Target;
  /** Its tag or digest. */
  readonly reference: string;
  /**
   * Its full name with the host, as container engines write it: `ghcr.io/x/y:tag`; undefined if it is not in a
   * registry.
   */
  readonly fullName?: string | undefined;
}

/** An image for one platform. */
export interface BaseImage {
  /** Where its layers are. */
  readonly target: Target;
  readonly format: ImageFormat;
  readonly layers: readonly Descriptor[];
  /** The same as `layers`, with every key of the manifest. */
  readonly listedLayers: JsonArray;
  readonly config: JsonObject;
  /** `config.Env` of its config. */
  readonly environment: readonly string[];
  /** Names the base image in the manifests of images on top of it. */
  readonly annotations: Annotations;
}
