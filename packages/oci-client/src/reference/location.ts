// Locations are the places that hold images: a repository of a registry, or an image-layout directory.
import { SpackOciError } from "@spack-oci/errors";
import { formatReference, parseReference, type Reference } from "./reference.js";

/** A repository of a registry, written `oci://host/path` or `oci+http://host/path`. */
export interface RegistryLocation extends Reference {
  readonly kind: "registry";
  readonly scheme: "https" | "http";
}

/** An OCI image-layout directory, written `oci-layout:DIRECTORY`. */
export interface LayoutLocation {
  readonly kind: "layout";
  readonly directory: string;
}

/** A place that holds images. */
export type Location = RegistryLocation | LayoutLocation;

const schemes = { "oci://": "https", "oci+http://": "http" } as const;
const layoutPrefix = "oci-layout:";

/**
 * Reads `oci://host/path`, `oci+http://host/path` or `oci-layout:DIRECTORY`; a registry location may carry a tag or
 * digest, as in `oci://host/path:tag`.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_LOCATION` or `ERR_OCI_REFERENCE`.
 */
export function parseLocation(text: string): Location {
  if (text.startsWith(layoutPrefix)) return { kind: "layout", directory: layoutDirectory(text) };
  for (const [prefix, scheme] of Object.entries(schemes)) {
    if (!text.startsWith(prefix)) continue;
    const rest = text.slice(prefix.length).replace(/\/+$/, "");
    if (/[?#\s]/.test(rest) || /^[^/]*@/.test(rest))
      throw badLocation(text, "only a host and a path can follow");
    return { kind: "registry", scheme, ...parseReference(rest) };
  }
  throw badLocation(text, "it does not start with a known scheme");
}

/** The text of a location, as {@link parseLocation} reads it. */
export function formatLocation(location: Location): string {
  if (location.kind === "layout") return `${layoutPrefix}${location.directory}`;
  return `${location.scheme === "http" ? "oci+http" : "oci"}://${formatReference(location)}`;
}

function layoutDirectory(text: string): string {
  const directory = text.slice(layoutPrefix.length).replace(/^\/\/(?=\/)/, "");
  if (directory === "" || directory.includes("\0")) throw badLocation(text, "the directory is missing");
  return directory;
}

function badLocation(text: string, why: string): SpackOciError {
  return new SpackOciError("ERR_OCI_LOCATION", `Not a location: ${JSON.stringify(text)}: ${why}`, {
    kind: "usage",
    place: text,
    hint: "Write oci://host/path, oci+http://host/path, or oci-layout:DIRECTORY.",
  });
}
