// Which of a base image's variants packages can be put on.

import { SpackOciError } from "@spack-oci/errors";
import { type Descriptor, type ImageIndex, selectPlatform } from "@spack-oci/oci-client";
import type { JsonObject } from "@spack-oci/spack-spec";

/** Spack's images are Linux's, wherever they are made (Spack: `default_config`). */
const OS = "linux";

/** @throws SpackOciError `ERR_BASE_IMAGE_PLATFORM` where an index lists none for Linux and the architecture */
export function chooseManifest(index: ImageIndex, architecture: string, place: string): Descriptor {
  const chosen = selectPlatform(index, { os: OS, architecture });
  if (chosen !== undefined) return chosen;
  const listed = index.manifests
    .flatMap(({ platform }) => platform ?? [])
    .filter(({ os }) => os !== "unknown")
    .map(({ os, architecture: name, variant }) => [os, name, variant].filter(Boolean).join("/"));
  throw unfit(place, architecture, [...new Set(listed)].join(", ") || "no platform that is named");
}

/** @throws SpackOciError `ERR_BASE_IMAGE_PLATFORM` where an image is for something else, by its own config */
export function requirePlatform(config: JsonObject, architecture: string, place: string): void {
  const [os, name] = [config.get("os"), config.get("architecture")];
  if (os !== OS || name !== architecture) throw unfit(place, architecture, `${os}/${name}`);
}

function unfit(place: string, architecture: string, there: string): SpackOciError {
  return new SpackOciError(
    "ERR_BASE_IMAGE_PLATFORM",
    `The base image ${place} is for ${there}; the packages are for ${OS}/${architecture}.`,
    { kind: "unsupported", place, hint: "Name a base image that is there for the platform of the packages." },
  );
}
