// Picks the image for a machine from an index, as container engines do.
import type { Descriptor, Platform } from "./descriptor.js";
import type { ImageIndex } from "./manifest.js";

/**
 * The listed manifest for a platform: operating system and architecture must be equal; of several, one with an equal
 * variant, else one without a variant, else the first. What is for no platform (an attestation) is never picked.
 * Undefined when nothing fits.
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

/** Every arm64 is v8: whether it is said makes no difference. */
function variantOf({
  architecture,
  variant,
}: Pick<Platform, "architecture" | "variant">): string | undefined {
  return architecture === "arm64" && variant === "v8" ? undefined : variant;
}
