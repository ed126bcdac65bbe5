// Opens a mirror by its location, or by its name in Spack's configuration.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  createRegistryClient,
  defaultCredentials,
  type Location,
  openTarget,
  parseLocation,
  type RegistryClientOptions,
} from "@spack-oci/oci-client";
import { type MirrorDirection, requireCredentials, type SpackInstance } from "@spack-oci/spack-config";
import type { Buildcache } from "../schedule/run.js";
import { blobCache } from "./blob-cache.js";
import { connectionSettings, mirrorsOf } from "./connection-settings.js";
import { configuredAccess } from "./mirror-access.js";

/** How registries are spoken to where the defaults do not fit: patience, time, and who is told of what. */
export type RegistryOptions = Pick<
  RegistryClientOptions,
  "retry" | "clock" | "onRequest" | "onWarning" | "userAgent" | "knownHost"
>;

/** Where mirrors are looked up, and what for. */
export interface OpenContext {
  readonly direction: MirrorDirection;
  readonly environment: NodeJS.ProcessEnv;
  readonly options?: RegistryOptions | undefined;
  /** Undefined on a machine without Spack. */
  readonly instance?: SpackInstance | undefined;
  /** The hosts that the environment's credentials are for; the mirror's own without. */
  readonly credentialHosts?: readonly string[] | undefined;
  /** Asks the registry itself, and neither mirrors of it nor what was kept of it before. */
  readonly direct?: boolean | undefined;
}

const LOCATION = /^(oci|oci\+http|oci-layout):/;

/** Whether a text is a location, rather than the name of a mirror. */
export function isLocation(mirror: string): boolean {
  return isBuildcacheLocation(mirror) || mirror.includes("://");
}

/** Whether a text is the location of a buildcache. */
export function isBuildcacheLocation(text: string): boolean {
  return LOCATION.test(text);
}

/**
 * @param location `oci://host/path`, `oci+http://host/path` or `oci-layout:DIRECTORY`
 * @throws SpackOciError of kind `usage` where the text is none of these
 */
export function openLocation(location: Location | string, context: OpenContext): Buildcache {
  const { environment, instance, direction, direct = false } = context;
  const parsed = typeof location === "string" ? parseLocation(location) : location;
  if (parsed.kind === "layout") return openTarget(parsed);
  const client = createRegistryClient({
    ...connectionSettings(environment, instance, context.options),
    credentials: defaultCredentials({
      environment,
      // The credentials of the environment are for the mirror, and for no other host that it may send the client to.
      hosts: context.credentialHosts ?? [parsed.host],
      repositories: configuredAccess(instance, direction),
    }),
  });
  return openTarget(parsed, {
    client,
    cache: direct ? undefined : blobCache(environment, instance),
    // What is written must not be taken for there because a mirror has it.
    pullThroughCaches: direction === "fetch" && !direct ? mirrorsOf(environment, parsed.host) : [],
    onCacheFailure: (mirror, { message }) =>
      context.options?.onWarning?.(mirror, `it is passed over: ${message}`),
  });
}

/**
 * @throws SpackOciError `ERR_MIRROR_UNKNOWN` for a name that is not configured, `ERR_MIRROR_UNSUPPORTED` for a mirror that
 *   is no OCI buildcache, `ERR_MIRROR_CREDENTIALS` where variables are missing that pushing needs
 */
export function openNamedMirror(
  name: string,
  context: OpenContext & { readonly instance: SpackInstance },
): Buildcache {
  const known = context.instance.mirrors();
  const mirror = known.find((candidate) => candidate.name === name);
  if (mirror === undefined) {
    const names = known.map((each) => each.name).join(", ");
    throw new SpackOciError("ERR_MIRROR_UNKNOWN", `There is no mirror named ${name}.`, {
      kind: "usage",
      place: name,
      hint: `The configuration has ${names || "no mirrors"}. A location such as oci://HOST/PATH needs no configuration.`,
    });
  }
  // As in Spack, reading is tried without credentials, and writing is not.
  if (context.direction === "push") requireCredentials(mirror, context.direction);
  const { url } = mirror.connection(context.direction);
  if (isBuildcacheLocation(url)) return openLocation(locationOf(name, url), context);
  throw new SpackOciError(
    "ERR_MIRROR_UNSUPPORTED",
    `The mirror ${name} is ${url}, which is no OCI buildcache.`,
    {
      kind: "unsupported",
      place: url,
      hint: "This program moves packages in and out of mirrors at oci://, oci+http:// and oci-layout:.",
    },
  );
}

function locationOf(name: string, url: string): Location {
  try {
    return parseLocation(url);
  } catch (error) {
    if (!isSpackOciError(error)) throw error;
    const { code, kind, message, hint } = error;
    throw new SpackOciError(code, `The mirror ${name} is ${url}. ${message}`, { kind, place: name, hint });
  }
}

/** What is no location is taken for a name, also where somebody has forgotten the scheme, or names a directory. */
export function nameWithoutSpack(mirror: string, cause: unknown): SpackOciError {
  const message = `${JSON.stringify(mirror)} is no location, and there is no Spack here that could know a mirror of that name.`;
  return new SpackOciError("ERR_MIRROR_UNKNOWN", message, {
    kind: "usage",
    place: mirror,
    hint: 'Write oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY, or name Spack with "--spack-root DIR" or SPACK_ROOT.',
    cause,
  });
}
