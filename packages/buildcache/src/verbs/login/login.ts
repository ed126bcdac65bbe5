// The verbs login and logout: credentials for a registry, kept where docker and podman find them too.

import { SpackOciError } from "@spack-oci/errors";
import { eraseCredential, type StoredIn, storeCredential, verifyCredential } from "@spack-oci/oci-client";
import type { Session } from "../../session/session.js";

/** A registry's host, and how it is spoken to. */
interface RegistryHost {
  readonly host: string;
  readonly scheme: "https" | "http";
}

/**
 * Asks the registry whether it lets somebody in, and stores the credential if so: through the credential helper that
 * docker's configuration names, else in its file.
 *
 * @param registry `HOST`, `HOST:PORT`, `oci://HOST` or `oci+http://HOST`
 * @throws SpackOciError of kind `denied` where the registry refuses, `usage` where `registry` is no host, and those of
 *   `storeCredential`
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

/** @returns where the credential was; undefined where there was none */
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
