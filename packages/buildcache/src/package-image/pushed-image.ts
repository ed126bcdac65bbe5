// What became of an image that was pushed, for whoever signs it or works on with it.

import type { Descriptor } from "@spack-oci/oci-client";

/**
 * `spack`: Spack ran the recipes. `image`: it stood in the image that was there before. `table`: this program knows the
 * recipe. `none`: nothing is known to be added, and the environment is what follows from the prefixes alone.
 */
export type RunEnvironmentSource = "spack" | "image" | "table" | "none";

/** An image that is under its tag now, or an index of images. */
export interface PushedImage {
  /** For an image for one of several platforms, that of the index that lists it. */
  readonly tag: string;
  /** Of its manifest. */
  readonly descriptor: Descriptor;
  /** All of its layers, those of a base image first; an index has none. */
  readonly layers: readonly Descriptor[];
}

/** An image of packages that was pushed. */
export interface RunnableImage extends PushedImage {
  /** Where it is known from what recipes add to its environment. */
  readonly runEnvironment: RunEnvironmentSource;
}
