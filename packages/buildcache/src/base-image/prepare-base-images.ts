// Prepares the base images of a push: one for each architecture among its packages.

import { copyContent, type Descriptor, type Target } from "@spack-oci/oci-client";
import { ociArchitecture, type SpecNode } from "@spack-oci/spack-spec";
import type { BaseImage, ImageSource } from "../package-image/base-image.js";
import type { Run } from "../schedule/run.js";
import { readBaseImage } from "./read-base-image.js";

/** Base images by architecture, in OCI's terms. */
export type BaseImages = ReadonlyMap<string, BaseImage>;

/** The architecture of a package's image, in OCI's terms. */
export function architectureOf(node: SpecNode): string {
  return ociArchitecture(node.architecture?.target ?? "");
}

/**
 * Reads and checks the base image for every architecture among the packages; writes nothing.
 *
 * @throws SpackOciError as `readBaseImage` does
 */
export async function readBaseImages(
  source: ImageSource,
  nodes: readonly SpecNode[],
  signal?: AbortSignal,
): Promise<BaseImages> {
  const architectures = [...new Set(nodes.map(architectureOf))];
  const images = architectures.map(
    async (architecture) => [architecture, await readBaseImage(source, architecture, signal)] as const,
  );
  return new Map(await Promise.all(images));
}

/**
 * Copies their layers into the buildcache: mounted from another repository of the same registry if possible, else
 * streamed.
 */
export async function copyBaseLayers(
  images: BaseImages,
  target: Target,
  { scheduler, signal }: Run,
): Promise<void> {
  const layers = new Map<string, { readonly from: Target; readonly layer: Descriptor }>();
  for (const image of images.values()) {
    for (const layer of image.layers) layers.set(layer.digest, { from: image.target, layer });
  }
  const copies = [...layers.values()].map(({ from, layer }) =>
    scheduler.transfer(() => copyContent({ from, to: target }, layer, { signal })),
  );
  await Promise.all(copies);
}
