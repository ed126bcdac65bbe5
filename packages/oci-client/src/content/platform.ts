// Selects the image for a machine from an index, as container engines do.

import type { Descriptor, Platform } from "./descriptor.js";
import type { ImageIndex } from "./manifest.js";

/**
 * The listed manifest for a platform. Operating system and architecture must match; if several do, one with the same
 * variant is preferred, then one without a variant, then the first. Manifests without a platform (attestations) are
 * never selected. Undefined if nothing matches.
 *
 * @example
 * ```ts
 * import { descriptorOf, MEDIA_TYPES, selectPlatform } from "@spack-oci/oci-client";
 *
 * const image = descriptorOf(MEDIA_TYPES.ociManifest, Buffer.from("{}"));
 * const platform = { os: "linux", architecture: "arm64", variant: "v8" };
 * const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [{ ...image, platform }] } as const;
 * console.log(selectPlatform(index, { os: "linux", architecture: "arm64" })?.digest === image.digest); // true
 * console.log(selectPlatform(index, { os: "linux", architecture: "amd64" })); // undefined
 * ```
 */
export function selectPlatform(
  index: ImageIndex,
  wanted: Pick<Platform, "architecture" | "os" | "variant">,
): Descriptor | undefined {
  const fitting = index.manifests.filter(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
  const variant = variantOf(wanted);
  const withVariant = (which: string | undefined) =>
    fitting.find(({ platform }) => platform !== undefined && variantOf(platform) === which);
  return withVariant(variant) ?? withVariant(undefined) ?? (variant === undefined ? fitting[0] : undefined);
}

/** Every arm64 is v8, whether or not the variant is given. */
function variantOf({
  architecture,
  variant,
}: Pick<Platform, "architecture" | "variant">): string | undefined {
  return architecture === "arm64" && variant === "v8" ? undefined : variant;
}
