// The verbs login and logout: manage credentials for a registry, where docker and podman find them too.

import { SpackOciError } from "@spack-oci/errors";
import { eraseCredential, type StoredIn, storeCredential, verifyCredential } from "@spack-oci/oci-client";
import type { Session } from "../../session/session.js";

/** A registry's host, and how to connect to it. */
interface RegistryHost {
  readonly host: string;
  readonly scheme: "https" | "http";
}

/**
 * Verifies a credential with the registry, and stores it if it is accepted: with the credential helper that docker's
 * configuration names, else in its file.
 *
 * @param registry `HOST`, `HOST:PORT`, `oci://HOST` or `oci+http://HOST`
 * @throws SpackOciError of kind `denied` if the registry rejects it, `usage` if `registry` is not a host, and those
 *   of `storeCredential`
 */
export async function login(
  registry: string,
  credential: { readonly username: string; readonly password: string },
  session: Pick<Session, "connectionSettings" | "environmentVariables">,
): Promise<StoredIn> {
  const { host, scheme } = parseHost(registry);
  await verifyCredential(host, credential, { ...session.connectionSettings(), scheme });
  return storeCredential(host, credential, { environment: session.environmentVariables });
}

/** @returns where the credential was stored; undefined if there was none */
export async function logout(
  registry: string,
  session: Pick<Session, "environmentVariables">,
): Promise<StoredIn | undefined> {
  return eraseCredential(parseHost(registry).host, { environment: session.environmentVariables });
}

function parseHost(registry: string): RegistryHost {
  const [, scheme, host] =
    /^(?:(oci|oci\+http|https|http):\/\/)?([\w.-]+(?::\d+)?|\[[0-9a-fA-F:]+\](?::\d+)?)\/?$/.exec(registry) ??
    [];
  if (host !== undefined)
    return { host, scheme: scheme === "oci+http" || scheme === "http" ? "http" : "https" };
  throw new SpackOciError("ERR_REGISTRY_HOST", `${registry} is not a registry's host.`, {
    kind: "usage",
    place: registry,
    hint: "Give just the host, such as ghcr.io or localhost:5000; use oci+http://HOST for a registry without https.",
  });
}
