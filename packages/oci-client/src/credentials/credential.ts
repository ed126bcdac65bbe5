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
  /** Credentials that exist but are not for this repository, and what they are for: `mirror "main" (for ghcr.io/org)`. */
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

/** The prefixes of the tokens of GitHub, GitLab, Docker Hub and JSON web tokens. */
const TOKEN_PREFIX = /^(?:gh[a-z]_|github_pat_|gl[a-z]+-|dckr_[a-z]+_|eyJ)/;
/** The user name for tokens of Azure's registry. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Some registries take a token as the user name, with any password. */
function looksLikeToken(username: string): boolean {
  if (TOKEN_PREFIX.test(username)) return true;
  return /^[A-Za-z0-9+/=_.-]{32,}$/.test(username) && /\d/.test(username) && !UUID.test(username);
}
