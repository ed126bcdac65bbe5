// What a credential is, and the one function through which the client asks for it.

/** A user name and password; or a token that is exchanged for access tokens (docker's `identitytoken`). */
export type Credential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string; readonly source: string }
  | {
      readonly kind: "identity-token";
      readonly token: string;
      readonly username?: string;
      readonly source: string;
    };

/**
 * Finds the credential for a repository on a host (`ghcr.io`, `localhost:5000`), or none. Where a credential was
 * looked for is told when none of them was enough.
 */
export interface Credentials {
  (host: string, repository: string): Credential | undefined | Promise<Credential | undefined>;
  /** The places that were looked into, e.g. `the environment (SPACK_OCI_USERNAME, SPACK_OCI_PASSWORD)`. */
  readonly sources?: readonly string[];
}

/** For messages: whose credential, from where; never the secret. */
export function identityOf(credential: Credential | undefined): string {
  if (credential === undefined) return "anonymous";
  return credential.kind === "basic" ? `${credential.username} (${credential.source})` : credential.source;
}
