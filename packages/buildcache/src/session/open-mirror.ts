// Opens a buildcache by its location, or by the name of a mirror in Spack's configuration.

import { isSpackOciError, SpackOciError, suggestion } from "@spack-oci/errors";
import {
  createRegistryClient,
  defaultCredentials,
  type Location,
  openTarget,
  parseLocation,
  type RegistryClientOptions,
} from "@spack-oci/oci-client";
import { type MirrorDirection, requireCredentials, type UserConfiguration } from "@spack-oci/spack-config";
import type { Buildcache } from "../schedule/run.js";
import { blobCache } from "./blob-cache.js";
import { connectionSettings, mirrorsOf } from "./connection-settings.js";
import { configuredAccess } from "./mirror-access.js";

/** Overrides of how registries are accessed: retries, timeouts, and callbacks. */
export type RegistryOptions = Pick<
  RegistryClientOptions,
  "retry" | "clock" | "onRequest" | "onWarning" | "userAgent" | "knownHost"
>;

/** Where mirrors are looked up, and how they are opened. */
export interface OpenContext {
  readonly direction: MirrorDirection;
  readonly environment: NodeJS.ProcessEnv;
  readonly options?: RegistryOptions | undefined;
  /** Undefined on a machine without Spack. */
  readonly configured?: UserConfiguration | undefined;
  /** The hosts that the environment's credentials are for; by default the host of the location. */
  readonly credentialHosts?: readonly string[] | undefined;
  /** Asks the registry itself: neither a pull-through cache nor the local cache. */
  readonly direct?: boolean | undefined;
}

const LOCATION = /^(oci|oci\+http|oci-layout):/;

/** Whether a text is a location rather than the name of a mirror. */
export function isLocation(mirror: string): boolean {
  return isBuildcacheLocation(mirror) || mirror.includes("://");
}

/** Whether a text is the location of a buildcache. */
export function isBuildcacheLocation(text: string): boolean {
  return LOCATION.test(text);
}

/**
 * @param location `oci://host/path`, `oci+http://host/path` or `oci-layout:DIRECTORY`
 * @throws SpackOciError of kind `usage` if the text is none of these
 */
export function openLocation(location: Location | string, context: OpenContext): Buildcache {
  const { environment, configured, direction, direct = false } = context;
  const parsed = typeof location === "string" ? parseLocation(location) : location;
  if (parsed.kind === "layout") return openTarget(parsed);
  const client = createRegistryClient({
    ...connectionSettings(environment, configured, context.options),
    credentials: defaultCredentials({
      environment,
      // The environment's credentials are only for the location's own host, not for hosts that it redirects to.
      hosts: context.credentialHosts ?? [parsed.host],
      repositories: configuredAccess(configured, direction),
    }),
  });
  return openTarget(parsed, {
    client,
    cache: direct ? undefined : blobCache(environment, configured),
    // Content in a pull-through cache must not count as present in the registry that is written to.
    pullThroughCaches: direction === "fetch" && !direct ? mirrorsOf(environment, parsed.host) : [],
    onCacheFailure: (mirror, { message }) => context.options?.onWarning?.(mirror, `skipped: ${message}`),
  });
}

/**
 * @throws SpackOciError `ERR_MIRROR_UNKNOWN` for a name that is not configured, `ERR_MIRROR_UNSUPPORTED` for a mirror
 *   that is not an OCI buildcache, `ERR_MIRROR_CREDENTIALS` if variables are missing that pushing needs
 */
export function openNamedMirror(
  name: string,
  context: OpenContext & { readonly configured: UserConfiguration },
): Buildcache {
  const known = context.configured.mirrors();
  const mirror = known.find((candidate) => candidate.name === name);
  if (mirror === undefined) {
    const names = known.map((each) => each.name).join(", ");
    throw new SpackOciError("ERR_MIRROR_UNKNOWN", `No mirror is named ${name}.`, {
      kind: "usage",
      place: name,
      hint: `${
        meantLocation(name) ||
        suggestion(
          name,
          known.map((each) => each.name),
        )
      }The configuration has ${names || "no mirrors"}. A location such as oci://HOST/PATH needs no configuration.`,
    });
  }
  // As in Spack, reading is tried without credentials, and writing is not.
  if (context.direction === "push") requireCredentials(mirror, context.direction);
  const { url } = mirror.connection(context.direction);
  if (isBuildcacheLocation(url)) return openLocation(locationOf(name, url), context);
  throw new SpackOciError(
    "ERR_MIRROR_UNSUPPORTED",
    `The mirror ${name} is at ${url}, which is not an OCI buildcache.`,
    {
      kind: "unsupported",
      place: url,
      hint: `${meantUrl(url)}Use a mirror at oci://, oci+http:// or oci-layout:.`,
    },
  );
}

function locationOf(name: string, url: string): Location {
  try {
    return parseLocation(url);
  } catch (error) {
    if (!isSpackOciError(error)) throw error;
    const { code, kind, message, hint } = error;
    throw new SpackOciError(code, `The mirror ${name} is at ${url}. ${message}`, { kind, place: name, hint });
  }
}

/** `ghcr.io/org/cache`, as container engines write it: a host with a dot, a port, or localhost, and a path. */
const IMAGE_NAME = /^(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w.-]+:\d+|localhost)\/[^/@?#].*$/;

/** A question, if a location was written without its scheme. */
function meantLocation(text: string): string {
  if (IMAGE_NAME.test(text)) return `Did you mean oci://${text}? `;
  return /^(?:\.{0,2}\/|~)/.test(text) ? `Did you mean oci-layout:${text}? ` : "";
}

/** As in Spack, a URL without a scheme is a path below the working directory. */
function meantUrl(url: string): string {
  const below = `file://${process.cwd()}/`;
  return url.startsWith(below) ? meantLocation(url.slice(below.length)) : "";
}

/**
 * Anything that is not a location is looked up as a name, including a path, or a location whose scheme was forgotten.
 */
export function nameWithoutSpack(mirror: string, known: readonly string[], cause: unknown): SpackOciError {
  const message = `${JSON.stringify(mirror)} is not a mirror URL, and no Spack installation was found to look it up by name.`;
  return new SpackOciError("ERR_MIRROR_UNKNOWN", message, {
    kind: "usage",
    place: mirror,
    hint: `${meantLocation(mirror) || suggestion(mirror, known)}Use oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY, or name Spack with "--spack-root DIR" or SPACK_ROOT.`,
    cause,
  });
}
