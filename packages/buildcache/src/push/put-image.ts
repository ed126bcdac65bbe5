// Makes a package's image of layers that are in the buildcache already, and tags it: from here on it can be pulled.

import { pushBytes, type Target } from "@spack-oci/oci-client";
import { formatSpec, type SpecGraph, type SpecNode } from "@spack-oci/spack-store";
import type { BaseImage } from "../base-image/base-image.js";
import { formatImageConfig } from "../protocol/image-config.js";
import { layerTypeIn, ociFormat } from "../protocol/image-format.js";
import { formatImageManifest } from "../protocol/image-manifest.js";
import type { PackageLayer } from "../protocol/package-layer.js";
import { packageTag } from "../protocol/tags.js";

export interface ImageRequest {
  readonly graph: SpecGraph;
  readonly node: SpecNode;
  /** What the package runs with, leaves first, and the package itself last. */
  readonly layers: readonly PackageLayer[];
  readonly createdAt: Date;
  /** Variables that the image runs with, as `NAME=VALUE`. */
  readonly environment: readonly string[];
  /** What the layers are put on top of; its own layers are in the buildcache too. */
  readonly base?: BaseImage | undefined;
}

/** Config first, then the manifest under its tag. */
export async function putImage(target: Target, request: ImageRequest, signal?: AbortSignal): Promise<void> {
  const { graph, node, layers, base } = request;
  const format = base?.format ?? ociFormat;
  const text = Buffer.from(formatImageConfig({ ...request, base: base?.config }));
  const { descriptor: config } = await pushBytes(target, format.config, text, { signal });
  const manifest = formatImageManifest({
    format,
    config,
    baseLayers: base?.listedLayers,
    // What is in the buildcache may have been pushed on top of an image in another format.
    layers: layers.map(({ descriptor }) => ({
      ...descriptor,
      mediaType: layerTypeIn(format, descriptor.mediaType),
    })),
    description: formatSpec(graph, node),
  });
  const tag = packageTag(node);
  await pushBytes(target, format.manifest, Buffer.from(manifest), { tag, signal });
}
