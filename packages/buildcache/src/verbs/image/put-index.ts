// Joins images for several platforms under one tag.

import { MEDIA_TYPES, pushBytes, type Target } from "@spack-oci/oci-client";
import { formatJson, type Json } from "@spack-oci/spack-spec";
import type { PushedImage } from "../../package-image/pushed-image.js";
import type { PlatformImage } from "./image-result.js";

/** Pushes an index of existing images (OCI image specification, image-index.md); Docker's list for Docker's images. */
export async function putIndex(
  target: Target,
  { tag, images }: { readonly tag: string; readonly images: readonly PlatformImage[] },
  signal?: AbortSignal,
): Promise<PushedImage> {
  const types = images.map(({ pushed }) => pushed?.descriptor.mediaType);
  const isDocker = types.every((type) => type === MEDIA_TYPES.dockerManifest);
  const mediaType = isDocker ? MEDIA_TYPES.dockerIndex : MEDIA_TYPES.ociIndex;
  const index = new Map<string, Json>([
    ["schemaVersion", 2n],
    ["mediaType", mediaType],
    ["manifests", images.flatMap(listed)],
  ]);
  const { descriptor } = await pushBytes(target, Buffer.from(formatJson(index)), { mediaType, tag, signal });
  return { tag, descriptor, layers: [] };
}

function listed({ platform, pushed }: PlatformImage): Json[] {
  if (pushed === undefined) return [];
  const { mediaType, digest, size } = pushed.descriptor;
  const { architecture, os, variant } = platform;
  const members: [string, Json][] = [
    ["architecture", architecture],
    ["os", os],
  ];
  if (variant !== undefined) members.push(["variant", variant]);
  return [
    new Map<string, Json>([
      ["mediaType", mediaType],
      ["digest", digest],
      ["size", BigInt(size)],
      ["platform", new Map(members)],
    ]),
  ];
}
