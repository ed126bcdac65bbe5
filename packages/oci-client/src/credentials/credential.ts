// What a credential is, and the function through which the client looks one up.

import { looksLikeToken } from "@spack-oci/errors";

/** A user name and password, or a token that is exchanged for access tokens (docker's `identitytoken`). */
export type Credential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string; readonly source: string }
  | {
      readonly kind: "identity-token";
      readonly token: string;
      readonly username?: string;
      readonly source: string;
    };

/**
 * Looks up the credential for a repository on a host (`ghcr.io`, `localhost:5000`). Error messages list the sources
 * if no credential was sufficient.
 */
export interface Credentials {
  (
    host: string,
    repository: string,
    signal?: AbortSignal,
  ): Credential | undefined | Promise<Credential | undefined>;
  /** The places that were searched, e.g. `the environment (SPACK_OCI_USERNAME, SPACK_OCI_PASSWORD)`. */
  readonly sources?: readonly string[];
  /**
   * Credentials that exist but are not for this repository, and what they are for: `mirror "main" (for ghcr.io/org)`.
   */
  readonly unused?: (host: string, repository: string) => readonly string[];
}

/** The owner and source of a credential for messages; never the secret. */
export function identityOf(credential: Credential | undefined): string {
  if (credential === undefined) return "anonymous";
  if (credential.kind !== "basic") return credential.source;
  const { username, password, source } = credential;
  const isShown = !looksLikeToken(username) && username !== password;
  return `${isShown ? username : "a user name that looks like a token"} (${source})`;
}
