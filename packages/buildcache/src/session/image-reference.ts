// Reads how a user names an image: as container engines do, or by a location.

import { type Location, parseLocation, parseReference } from "@spack-oci/oci-client";

/** Where an image is. */
export interface NamedImage {
  readonly location: Location;
  /** A tag or a digest; `latest` where neither was given. */
  readonly reference: string;
}

const LAYOUT = "oci-layout:";
const DEFAULT_TAG = "latest";

/**
 * Reads `ubuntu:22.04`, `ghcr.io/x/y@sha256:...`, `oci://host/path:tag`, `oci+http://host/path:tag` or
 * `oci-layout:DIRECTORY:TAG`.
 *
 * @throws SpackOciError of kind `usage`, as `parseLocation` and `parseReference` do
 */
export function parseImage(text: string): NamedImage {
  if (text.startsWith(LAYOUT)) {
    const [, location = text, reference = DEFAULT_TAG] = /^(.+:.*[^:]):([^/]+)$/.exec(text) ?? [];
    return { location: parseLocation(location), reference };
  }
  const location = text.includes("://")
    ? parseLocation(text)
    : ({ kind: "registry", scheme: "https", ...parseReference(text) } as const);
  const { digest, tag } = location.kind === "registry" ? location : {};
  return { location, reference: digest ?? tag ?? DEFAULT_TAG };
}
