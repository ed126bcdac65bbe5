// Parses the platforms that images are made for, and decides which packages fit them.

import { SpackOciError } from "@spack-oci/errors";
import type { Platform } from "@spack-oci/oci-client";
import { ociArchitecture, ociVariant, type SpecNode } from "@spack-oci/spack-spec";

const LINUX = "linux";

/**
 * Parses `linux/ARCHITECTURE` or `linux/ARCHITECTURE/VARIANT`, as container engines write platforms.
 *
 * @throws SpackOciError `ERR_PLATFORM` (`usage`)
 *
 * @example
 * ```ts
 * import { formatPlatform, parsePlatform } from "@spack-oci/buildcache";
 *
 * console.log(formatPlatform(parsePlatform("linux/arm64/v8"))); // linux/arm64/v8
 * ```
 */
export function parsePlatform(text: string): Platform {
  const [, architecture, variant] = /^linux\/([a-z0-9_]+)(?:\/([a-z0-9_.]+))?$/.exec(text) ?? [];
  if (architecture !== undefined)
    return { os: LINUX, architecture, ...(variant === undefined ? {} : { variant }) };
  throw new SpackOciError("ERR_PLATFORM", `${text} is not a platform for images of packages.`, {
    kind: "usage",
    place: text,
    hint: "Use linux/amd64, linux/arm64 or linux/amd64/v3, for example; Spack makes images for Linux only.",
  });
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join("/");
}

/** The platform of a package, without the variant, which depends on its target. */
export function platformOf(node: SpecNode): Platform {
  return { os: isForMacOS(node) ? "darwin" : LINUX, architecture: ociArchitecture(targetOf(node)) };
}

/** Whether a package fits a platform: its architecture and, if given, its exact variant. */
export function fitsPlatform(node: SpecNode, { architecture, variant }: Platform): boolean {
  if (isForMacOS(node) || ociArchitecture(targetOf(node)) !== architecture) return false;
  // Every arm64 is v8.
  const isPlain = variant === undefined || (architecture === "arm64" && variant === "v8");
  return isPlain || ociVariant(targetOf(node)) === variant;
}

/** Whether no container can run a package. */
export function isForMacOS({ architecture }: SpecNode): boolean {
  return architecture?.platform === "darwin";
}

function targetOf(node: SpecNode): string {
  return node.architecture?.target ?? "";
}
