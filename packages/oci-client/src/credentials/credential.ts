// What a credential is, and the function through which the client looks one up.

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
  (host: string, repository: string): Credential | undefined | Promise<Credential | undefined>;
  /** The places that were searched, e.g. `the environment (SPACK_OCI_USERNAME, SPACK_OCI_PASSWORD)`. */
  readonly sources?: readonly string[];
}

/** The owner and source of a credential for messages; never the secret. */
export function identityOf(credential: Credential | undefined): string {
  if (credential === undefined) return "anonymous";
  return credential.kind === "basic" ? `${credential.username} (${credential.source})` : credential.source;
}
