// The platforms that images are made for, and which packages are for them.

import { SpackOciError } from "@spack-oci/errors";
import type { Platform } from "@spack-oci/oci-client";
import { ociArchitecture, ociVariant, type SpecNode } from "@spack-oci/spack-spec";

const LINUX = "linux";

/**
 * Reads `linux/ARCHITECTURE` or `linux/ARCHITECTURE/VARIANT`, as container engines write platforms.
 *
 * @throws SpackOciError `ERR_PLATFORM` (`usage`)
 */
export function parsePlatform(text: string): Platform {
  const [, architecture, variant] = /^linux\/([a-z0-9_]+)(?:\/([a-z0-9_.]+))?$/.exec(text) ?? [];
  if (architecture !== undefined)
    return { os: LINUX, architecture, ...(variant === undefined ? {} : { variant }) };
  throw new SpackOciError("ERR_PLATFORM", `${text} is no platform that images of packages can be for.`, {
    kind: "usage",
    place: text,
    hint: "Write it as linux/amd64, linux/arm64 or linux/amd64/v3; Spack makes images for Linux alone.",
  });
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join("/");
}

/** The platform of a package, without a variant: which of them it needs is its target's matter. */
export function platformOf(node: SpecNode): Platform {
  return { os: LINUX, architecture: ociArchitecture(targetOf(node)) };
}

/** Whether a package is for a platform: for its architecture, and where it has a variant, for just that. */
export function isFor(node: SpecNode, { architecture, variant }: Platform): boolean {
  if (ociArchitecture(targetOf(node)) !== architecture) return false;
  // Every arm64 is v8.
  const isPlain = variant === undefined || (architecture === "arm64" && variant === "v8");
  return isPlain || ociVariant(targetOf(node)) === variant;
}

function targetOf(node: SpecNode): string {
  return node.architecture?.target ?? "";
}
