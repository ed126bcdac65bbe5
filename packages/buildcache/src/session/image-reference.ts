// Parses the names of images that a user gives: as container engines write them, or as locations.

import { formatReference, type Location, parseLocation, parseReference } from "@spack-oci/oci-client";

/** Where an image is. */
export interface NamedImage {
  readonly location: Location;
  /** A tag or digest; `latest` if the name has neither. */
  readonly reference: string;
  /** The name that any container engine resolves; undefined if the image is not in a registry. */
  readonly fullName?: string | undefined;
}

const LAYOUT = "oci-layout:";
const DEFAULT_TAG = "latest";

/**
 * Parses `ubuntu:22.04`, `ghcr.io/x/y@sha256:...`, `oci://host/path:tag`, `oci+http://host/path:tag` or
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
  if (location.kind === "layout") return { location, reference: DEFAULT_TAG };
  const reference = location.digest ?? location.tag ?? DEFAULT_TAG;
  const tag = location.digest === undefined ? { tag: reference } : {};
  return { location, reference, fullName: formatReference({ ...location, ...tag }) };
}
