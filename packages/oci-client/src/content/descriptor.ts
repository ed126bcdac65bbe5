// Descriptors state the type, size and digest of content before it is fetched.

import type { Digest } from "./digest.js";
import { digestOf } from "./digest.js";

/** The machine that an image is for (OCI image specification, image-index.md "platform"). */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
}

/** A content descriptor (OCI image specification, descriptor.md); `size` is in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations?: Record<string, string>;
  readonly platform?: Platform;
  readonly urls?: string[];
  readonly artifactType?: string;
  readonly data?: string;
}

/**
 * The descriptor of bytes in memory.
 *
 * @example
 * ```ts
 * import { descriptorOf, MEDIA_TYPES } from "@spack-oci/oci-client";
 *
 * console.log(descriptorOf(MEDIA_TYPES.ociConfig, Buffer.from("{}")).size); // 2
 * ```
 */
export function descriptorOf(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}
