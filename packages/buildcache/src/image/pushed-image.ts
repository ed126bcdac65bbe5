// What became of an image that was pushed, for whoever signs it or works on with it.

import type { Descriptor } from "@spack-oci/oci-client";
import type { RunEnvironmentSource } from "../run-environment/source.js";

/** An image that is under its tag now. */
export interface PushedImage {
  readonly tag: string;
  /** Of its manifest. */
  readonly descriptor: Descriptor;
  /** All of its layers, those of a base image first. */
  readonly layers: readonly Descriptor[];
}

/** An image of packages that was pushed. */
export interface RunnableImage extends PushedImage {
  /** Where it is known from what recipes add to its environment. */
  readonly runEnvironment: RunEnvironmentSource;
}
