// The verbs login and logout: manage credentials for a registry, where docker and podman find them too.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  eraseCredential,
  parseLocation,
  type StoredIn,
  storeCredential,
  verifyCredential,
} from "@spack-oci/oci-client";
import type { MirrorDirection, MirrorEntry } from "@spack-oci/spack-config";
import { isBuildcacheLocation } from "../../session/open-mirror.js";
import type { Session } from "../../session/session.js";

/** A registry's host, and how to connect to it. */
interface RegistryHost {
  readonly host: string;
  readonly scheme: "https" | "http";
}

/** Where a credential was stored, and the configured mirrors that are on its registry. */
export interface StoredLogin extends StoredIn {
  readonly mirrors: readonly string[];
}

/**
 * Verifies a credential with the registry, and stores it if it is accepted: with the credential helper that docker's
 * configuration names, else in its file.
 *
 * @param registry as `registryOf` takes it
 * @throws SpackOciError of kind `denied` if the registry rejects it, `usage` if `registry` is not a host, and those of
 *   `storeCredential`
 */
export async function login(
  registry: string,
  credential: { readonly username: string; readonly password: string },
  session: Pick<Session, "connectionSettings" | "environmentVariables" | "spack">,
): Promise<StoredLogin> {
  const { host, scheme } = parseHost(registryOf(registry, session));
  const mirrors = session.spack.configuration.mirrors().filter((mirror) => isAt(host, mirror));
  await verifyCredential(host, credential, { ...session.connectionSettings(), scheme });
  const stored = await storeCredential(host, credential, { environment: session.environmentVariables });
  return { ...stored, mirrors: mirrors.map(({ name }) => name) };
}

/** @returns where the credential was stored; undefined if there was none */
export async function logout(
  registry: string,
  session: Pick<Session, "environmentVariables" | "spack">,
): Promise<StoredIn | undefined> {
  return eraseCredential(parseHost(registryOf(registry, session)).host, {
    environment: session.environmentVariables,
  });
}

/**
 * The registry that a user names: `HOST`, `HOST:PORT`, `oci://HOST` or `oci+http://HOST` as they are, and for the name
 * of a configured mirror its host in one of these forms.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_REGISTRY_HOST`, if the text is neither, or the mirror is not on a
 *   registry.
 */
export function registryOf(named: string, { spack }: Pick<Session, "spack">): string {
  if (!named.includes("://")) {
    const mirror = spack.configuration.mirrors().find(({ name }) => name === named);
    if (mirror !== undefined) return registryOfMirror(mirror);
  }
  parseHost(named);
  return named;
}

/** Pushing needs credentials more often than fetching, so its host comes first. */
function registryOfMirror(mirror: MirrorEntry): string {
  const url = urlOf(mirror, "push") ?? mirror.connection("fetch").url;
  const location = isBuildcacheLocation(url) ? parseLocation(url) : undefined;
  if (location?.kind === "registry") {
    return location.scheme === "http" ? `oci+http://${location.host}` : location.host;
  }
  const message = `The mirror ${mirror.name} is ${url}, which is not on a registry.`;
  throw new SpackOciError("ERR_REGISTRY_HOST", message, {
    kind: "usage",
    place: mirror.name,
    hint: "Only registries (oci://, oci+http://) take a login.",
  });
}

/** Whether a mirror fetches from a registry or pushes to it. What is wrong with its URL is not the login's matter. */
function isAt(host: string, mirror: MirrorEntry): boolean {
  const urls = (["fetch", "push"] as const).map((direction) => urlOf(mirror, direction));
  return urls.some((url) => url?.startsWith(`oci://${host}/`) || url?.startsWith(`oci+http://${host}/`));
}

/** Undefined for a mirror that has no URL for this direction. */
function urlOf(mirror: MirrorEntry, direction: MirrorDirection): string | undefined {
  try {
    return mirror.connection(direction).url;
  } catch (error) {
    if (isSpackOciError(error) && error.code === "ERR_MIRROR_WITHOUT_URL") return undefined;
    throw error;
  }
}

function parseHost(registry: string): RegistryHost {
  const [, scheme, host] =
    /^(?:(oci|oci\+http|https|http):\/\/)?([\w.-]+(?::\d+)?|\[[0-9a-fA-F:]+\](?::\d+)?)\/?$/.exec(registry) ??
    [];
  if (host !== undefined && URL.canParse(`https://${host}`))
    return { host, scheme: scheme === "oci+http" || scheme === "http" ? "http" : "https" };
  // What stands before an @ may be a password.
  const shown = registry.replace(/^.*@/s, "***@");
  throw new SpackOciError("ERR_REGISTRY_HOST", `${shown} is no registry's host.`, {
    kind: "usage",
    place: shown,
    hint: "Name the host alone, such as ghcr.io or localhost:5000; oci+http://HOST for one without https.",
  });
}
