// Opens a Spack v3 mirror by its directory, its URL, or its name in Spack's configuration.

import { fileURLToPath } from "node:url";
import { SpackOciError } from "@spack-oci/errors";
import { createRegistryClient, defaultCredentials } from "@spack-oci/oci-client";
import { DirectoryFiles } from "../url-mirror/directory-files.js";
import type { MirrorFiles } from "../url-mirror/mirror-files.js";
import { webFiles } from "../url-mirror/web-files.js";
import { connectionSettings } from "./connection-settings.js";
import type { MirrorContext } from "./open-mirror.js";

/** @throws SpackOciError `ERR_MIRROR_UNSUPPORTED` for a URL that is neither a file's nor a web server's */
export function openUrlMirror(mirror: string, context: MirrorContext): MirrorFiles {
  const url = urlOf(mirror, context);
  const directory = directoryOf(url);
  if (directory !== undefined) return directory;
  if (!isOnTheWeb(url)) throw unsupported(url, "is neither a directory nor on a web server");
  const { environment, instance, options } = context;
  const client = createRegistryClient({
    ...connectionSettings(environment, instance),
    ...options,
    credentials: defaultCredentials({ environment, hosts: [new URL(url).host] }),
  });
  return webFiles(url, client);
}

/** @throws SpackOciError `ERR_MIRROR_UNSUPPORTED` for what is no directory */
export function openWritableUrlMirror(mirror: string, context: MirrorContext): DirectoryFiles {
  const url = urlOf(mirror, context);
  const directory = directoryOf(url);
  if (directory !== undefined) return directory;
  throw unsupported(url, "is no directory, and nothing else is written to");
}

function directoryOf(url: string): DirectoryFiles | undefined {
  if (url.startsWith("file://")) return new DirectoryFiles(fileURLToPath(url));
  return /^[a-z][a-z0-9+.-]*:/i.test(url) ? undefined : new DirectoryFiles(url);
}

function isOnTheWeb(url: string): boolean {
  return /^https?:\/\/[^/]/.test(url) && URL.canParse(url);
}

/** A name that is configured means that mirror; any other text means what it says. */
function urlOf(mirror: string, { instance, direction }: MirrorContext): string {
  const named = instance?.mirrors().find((candidate) => candidate.name === mirror);
  return named?.connection(direction).url ?? mirror;
}

function unsupported(url: string, why: string): SpackOciError {
  return new SpackOciError("ERR_MIRROR_UNSUPPORTED", `The mirror ${url} ${why}.`, {
    kind: "unsupported",
    place: url,
    hint: "Copy to or from a directory, and move that with the tools of its storage (aws s3 sync, gsutil rsync).",
  });
}
