// Images in JSON, as results and the digests file have them.

import type { PushedImage } from "@spack-oci/buildcache";

/** An image as the file and `--json` tell of it; sizes in bytes. */
export interface ImageJson extends DescriptorJson {
  readonly tag: string;
  readonly layers: readonly DescriptorJson[];
}

interface DescriptorJson {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export function imageToJson({ tag, descriptor, layers }: PushedImage): ImageJson {
  return { tag, ...descriptorToJson(descriptor), layers: layers.map(descriptorToJson) };
}

function descriptorToJson({ mediaType, digest, size }: DescriptorJson): DescriptorJson {
  return { mediaType, digest, size };
}
