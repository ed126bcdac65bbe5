// Decides which platform of a base image fits the packages.

import { SpackOciError } from "@spack-oci/errors";
import { type Descriptor, type ImageIndex, selectPlatform } from "@spack-oci/oci-client";
import type { JsonObject } from "@spack-oci/spack-spec";

/** Spack makes images for Linux only, on any host (Spack: `default_config`). */
const OS = "linux";

/** @throws SpackOciError `ERR_BASE_IMAGE_PLATFORM` if the index lists no image for Linux and the architecture */
export function chooseManifest(index: ImageIndex, architecture: string, place: string): Descriptor {
  const chosen = selectPlatform(index, { os: OS, architecture });
  if (chosen !== undefined) return chosen;
  const listed = index.manifests
    .flatMap(({ platform }) => platform ?? [])
    .filter(({ os }) => os !== "unknown")
    .map(({ os, architecture: name, variant }) => [os, name, variant].filter(Boolean).join("/"));
  throw wrongPlatform(place, architecture, [...new Set(listed)].join(", ") || "unnamed platforms only");
}

/** @throws SpackOciError `ERR_BASE_IMAGE_PLATFORM` if the image's own config names another platform */
export function requirePlatform(config: JsonObject, architecture: string, place: string): void {
  const [os, name] = [config.get("os"), config.get("architecture")];
  if (os !== OS || name !== architecture) throw wrongPlatform(place, architecture, `${os}/${name}`);
}

function wrongPlatform(place: string, architecture: string, available: string): SpackOciError {
  return new SpackOciError(
    "ERR_BASE_IMAGE_PLATFORM",
    `The base image ${place} is for ${available}; the packages are for ${OS}/${architecture}.`,
    { kind: "unsupported", place, hint: "Choose a base image for the platform of the packages." },
  );
}
