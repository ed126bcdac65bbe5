// Opens a Spack v3 mirror by its directory or URL.

import { fileURLToPath } from "node:url";
import { SpackOciError } from "@spack-oci/errors";
import { createRegistryClient, defaultCredentials } from "@spack-oci/oci-client";
import { DirectoryFiles } from "../sources/v3-mirror/directory-files.js";
import type { MirrorFiles } from "../sources/v3-mirror/mirror-files.js";
import { webFiles } from "../sources/v3-mirror/web-files.js";
import { connectionSettings } from "./connection-settings.js";
import { isBuildcacheLocation, type OpenContext } from "./open-mirror.js";

const V3_LOCATION = /^(?:\/|\.{1,2}(?:\/|$)|[a-z][a-z0-9+.-]*:\/\/)/i;

/**
 * Whether a text is the location of a Spack v3 mirror: a URL with a scheme that is not a buildcache's, or a path that
 * starts with `/`, `./` or `../`. Anything else is a name, so that a forgotten `oci://` never creates a directory.
 */
export function isV3Location(text: string): boolean {
  return !isBuildcacheLocation(text) && V3_LOCATION.test(text);
}

/** @throws SpackOciError `ERR_MIRROR_UNSUPPORTED` for a URL that names neither a directory nor a web server */
export function openV3Mirror(url: string, { environment, configured, options }: OpenContext): MirrorFiles {
  const directory = directoryOf(url);
  if (directory !== undefined) return directory;
  if (!isWebUrl(url)) throw unsupported(url, "is neither a directory nor on a web server");
  const client = createRegistryClient({
    ...connectionSettings(environment, configured),
    ...options,
    credentials: defaultCredentials({ environment, hosts: [new URL(url).host] }),
  });
  return webFiles(url, client);
}

/** @throws SpackOciError `ERR_MIRROR_UNSUPPORTED` for anything but a directory */
export function openWritableV3Mirror(url: string): DirectoryFiles {
  const directory = directoryOf(url);
  if (directory !== undefined) return directory;
  throw unsupported(url, "is not a directory, and only directories can be written");
}

function directoryOf(url: string): DirectoryFiles | undefined {
  if (url.startsWith("file://")) return new DirectoryFiles(pathOf(url));
  return /^[a-z][a-z0-9+.-]*:/i.test(url) ? undefined : new DirectoryFiles(url);
}

/** As in Spack, variables are replaced in paths, but not in URLs. */
function pathOf(url: string): string {
  const isRelative = !/^file:\/\/(?:localhost)?\//.test(url);
  let path = "";
  try {
    path = isRelative ? "" : fileURLToPath(url);
  } catch (cause) {
    throw badFileUrl(url, "is malformed", cause);
  }
  if (isRelative) throw badFileUrl(url, "does not start with file:/// and an absolute path");
  if (path.includes("\0")) throw badFileUrl(url, "names a path with a NUL byte");
  return path;
}

function badFileUrl(url: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_MIRROR_URL", `The mirror's URL ${url} ${why}.`, {
    kind: "usage",
    place: url,
    cause,
    hint: "Write file:///DIRECTORY, or the path alone: variables such as $spack are only replaced in paths.",
  });
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^/]/.test(url) && URL.canParse(url);
}

function unsupported(url: string, why: string): SpackOciError {
  return new SpackOciError("ERR_MIRROR_UNSUPPORTED", `The mirror ${url} ${why}.`, {
    kind: "unsupported",
    place: url,
    hint: "Copy to or from a directory, and synchronize that with the storage's own tools (aws s3 sync, gsutil rsync).",
  });
}
