// Describes an image that was pushed, for signing it or for further steps.

import type { Descriptor } from "@spack-oci/oci-client";

/**
 * `spack`: Spack ran the recipes. `image`: taken from the previous image of the package. `table`: the built-in table
 * has the recipe. `none`: no source knows the recipe, and the environment follows from the prefixes alone.
 */
export type RunEnvironmentSource = "spack" | "image" | "table" | "none";

/** An image that was pushed under its tag, or an image index. */
export interface PushedImage {
  /** If the image is for one of several platforms, the tag of the image index that lists it. */
  readonly tag: string;
  /** Of its manifest. */
  readonly descriptor: Descriptor;
  /** All layers, those of a base image first; empty for an image index. */
  readonly layers: readonly Descriptor[];
}

/** An image of packages that was pushed. */
export interface RunnableImage extends PushedImage {
  /** Where the recipes' part of its environment comes from. */
  readonly runEnvironment: RunEnvironmentSource;
}
