// What became of an image that was pushed, for whoever signs it or works on with it.

import type { Descriptor } from "@spack-oci/oci-client";

/** An image that is under its tag now. */
export interface PushedImage {
  readonly tag: string;
  /** Of its manifest. */
  readonly descriptor: Descriptor;
  /** All of its layers, those of a base image first. */
  readonly layers: readonly Descriptor[];
}
