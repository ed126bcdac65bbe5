// A layer that is packed but not uploaded, in a file or in memory.

import type { BodyFactory, Descriptor } from "@spack-oci/oci-client";
import { COMPRESSIONS, type Compression } from "@spack-oci/spack-tarball";

export interface PackedLayer {
  readonly descriptor: Descriptor;
  readonly diffId: string;
  /** Opens the layer; it can be uploaded more than once. */
  readonly body: BodyFactory;
  /** Lets go of the layer; the uploader calls it. */
  readonly discard: () => Promise<void>;
}

/** The descriptor of a compressed layer. */
export function layerDescriptor(
  compression: Compression,
  { digest, size }: Pick<Descriptor, "digest" | "size">,
): Descriptor {
  return { mediaType: COMPRESSIONS[compression].mediaType, digest, size };
}
