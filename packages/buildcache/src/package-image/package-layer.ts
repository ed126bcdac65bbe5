// Describes a package's layer as an image refers to it.

import type { Descriptor } from "@spack-oci/oci-client";

/** A layer that the buildcache has. */
export interface PackageLayer {
  readonly descriptor: Descriptor;
  /** Digest of the uncompressed archive (OCI image specification, "Layer DiffID"). */
  readonly diffId: string;
}
