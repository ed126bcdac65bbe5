// Locations are places that hold images: a repository of a registry, or an image-layout directory.

import { SpackOciError } from "@spack-oci/errors";
import { formatReference, parseReference, type Reference } from "./reference.js";

/** A repository of a registry, written `oci://host/path` or `oci+http://host/path`. */
export interface RegistryLocation extends Reference {
  readonly kind: "registry";
  readonly scheme: "https" | "http";
}

/** An OCI image-layout directory, written `oci-layout:DIRECTORY`. */
interface LayoutLocation {
  readonly kind: "layout";
  readonly directory: string;
}

/** A place that holds images. */
export type Location = RegistryLocation | LayoutLocation;

const SCHEMES = { "oci://": "https", "oci+http://": "http" } as const;
const LAYOUT_PREFIX = "oci-layout:";

/**
 * Parses `oci://host/path`, `oci+http://host/path` or `oci-layout:DIRECTORY`; a registry location may have a tag or
 * digest, as in `oci://host/path:tag`.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_LOCATION` or `ERR_OCI_REFERENCE`.
 *
 * @example
 * ```ts
 * import { formatLocation, parseLocation } from "@spack-oci/oci-client";
 *
 * console.log(formatLocation(parseLocation("oci-layout:images"))); // oci-layout:images
 * ```
 */
export function parseLocation(text: string): Location {
  if (text.startsWith(LAYOUT_PREFIX)) return { kind: "layout", directory: layoutDirectory(text) };
  for (const [prefix, scheme] of Object.entries(SCHEMES)) {
    if (!text.startsWith(prefix)) continue;
    const rest = text.slice(prefix.length).replace(/\/+$/, "");
    if (rest.replace(/@sha(?:256|512):[^@]*$/, "").includes("@")) throw locationWithSecret(prefix, rest);
    if (/[?#\s]/.test(rest)) throw badLocation(text, "only a host and a path may follow");
    return { kind: "registry", scheme, ...parseReference(rest) };
  }
  throw badLocation(text, "unknown scheme");
}

/** The text of a location, in the form that {@link parseLocation} accepts. */
export function formatLocation(location: Location): string {
  if (location.kind === "layout") return `${LAYOUT_PREFIX}${location.directory}`;
  return `${location.scheme === "http" ? "oci+http" : "oci"}://${formatReference(location)}`;
}

function layoutDirectory(text: string): string {
  const directory = text.slice(LAYOUT_PREFIX.length).replace(/^\/\/(?=\/)/, "");
  if (directory === "" || directory.includes("\0")) throw badLocation(text, "the directory is missing");
  return directory;
}

/** What stands before the @ may be a password with any character, so it is not shown. */
function locationWithSecret(prefix: string, rest: string): SpackOciError {
  const shown = `${prefix}***@${rest.slice(rest.lastIndexOf("@") + 1)}`;
  const message = `Not a location: ${JSON.stringify(shown)}: it must not contain a user name or password.`;
  return new SpackOciError("ERR_OCI_LOCATION", message, {
    kind: "usage",
    place: shown,
    hint: "Write oci://host/path, and log in to the host (spack-oci login HOST) or set SPACK_OCI_USERNAME and SPACK_OCI_PASSWORD.",
  });
}

function badLocation(text: string, why: string): SpackOciError {
  return new SpackOciError("ERR_OCI_LOCATION", `Not a location: ${JSON.stringify(text)}: ${why}.`, {
    kind: "usage",
    place: text,
    hint: "Write oci://host/path, oci+http://host/path, or oci-layout:DIRECTORY.",
  });
}
