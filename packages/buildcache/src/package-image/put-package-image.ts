// Makes a package's image of layers that the buildcache already has, and tags it.

import type { Target } from "@spack-oci/oci-client";
import { formatSpec } from "@spack-oci/spack-spec";
import type { BaseImage } from "./base-image.js";
import { formatImageConfig, type ImageConfigRequest } from "./image-config.js";
import { type Annotations, descriptionOf } from "./image-manifest.js";
import type { PushedImage } from "./pushed-image.js";
import { type ImageParts, putImage } from "./put-image.js";
import { packageTag } from "./tags.js";

export interface PackageImageRequest extends Omit<ImageConfigRequest, "base"> {
  /** The image below; the buildcache has its layers too. */
  readonly base?: BaseImage | undefined;
  /** Annotations besides Spack's. */
  readonly annotations?: Annotations | undefined;
  /** As in `ImageParts`. */
  readonly beforeTag?: ImageParts["beforeTag"];
}

export async function putPackageImage(
  target: Target,
  request: PackageImageRequest,
  signal?: AbortSignal,
): Promise<PushedImage> {
  const { graph, node, layers, base, annotations = new Map(), beforeTag } = request;
  const image = {
    tag: packageTag(node),
    config: formatImageConfig({ ...request, base: base?.config }),
    layers,
    base,
    annotations: new Map([...descriptionOf(formatSpec(graph, node)), ...annotations]),
    beforeTag,
  };
  return putImage(target, image, signal);
}
