// Makes a package's image of layers that are in the buildcache already, and tags it: from here on it can be pulled.

import { mediaTypes, pushBytes, type Target } from "@spack-oci/oci-client";
import { formatSpec, type SpecGraph, type SpecNode } from "@spack-oci/spack-store";
import { formatImageConfig } from "../protocol/image-config.js";
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
}

/** Config first, then the manifest under its tag. */
export async function putImage(target: Target, request: ImageRequest, signal?: AbortSignal): Promise<void> {
  const { graph, node, layers } = request;
  const text = Buffer.from(formatImageConfig(request));
  const { descriptor: config } = await pushBytes(target, mediaTypes.ociConfig, text, { signal });
  const manifest = formatImageManifest(
    config,
    layers.map((layer) => layer.descriptor),
    formatSpec(graph, node),
  );
  const tag = packageTag(node);
  await pushBytes(target, mediaTypes.ociManifest, Buffer.from(manifest), { tag, signal });
}
