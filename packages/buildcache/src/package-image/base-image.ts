// An image that packages are put on top of: where it is, and what of it an image of a package takes over.

import type { Descriptor, Target } from "@spack-oci/oci-client";
import type { JsonArray, JsonObject } from "@spack-oci/spack-spec";
import type { ImageFormat } from "./image-format.js";
import type { Annotations } from "./image-manifest.js";

/** An image that was named, and not looked at yet. */
export interface ImageSource {
  readonly target: Target;
  /** Its tag or digest. */
  readonly reference: string;
  /** As container engines name it, with its host: `ghcr.io/x/y:tag`; undefined for one that is in no registry. */
  readonly fullName?: string | undefined;
}

/** An image for one platform. */
export interface BaseImage {
  /** Where its layers are. */
  readonly target: Target;
  readonly format: ImageFormat;
  readonly layers: readonly Descriptor[];
  /** The same as its manifest lists them, with every key. */
  readonly listedLayers: JsonArray;
  readonly config: JsonObject;
  /** `config.Env` of its config. */
  readonly environment: readonly string[];
  /** Which image it is, for the manifests of what is put on top. */
  readonly annotations: Annotations;
}
