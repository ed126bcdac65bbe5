// Credentials that the caller has for single repositories; each also holds for the repositories below.

import { isSameHost } from "../quirks/host-names.js";
import type { Credential, Credentials } from "./credential.js";

/** A credential for a repository and all repositories below it. */
export interface RepositoryCredential {
  /** Host with port. */
  readonly host: string;
  readonly repository: string;
  /** Left out for an access token, which has no user name. */
  readonly username?: string;
  readonly password: string;
  /** The origin of the credential, for messages: `mirror "main"`. */
  readonly source: string;
}

/** The credential of the closest repository: two organizations on one host keep theirs apart. */
export function repositoryCredentials(known: readonly RepositoryCredential[]): Credentials {
  const find: Credentials = (host, repository) => {
    const [best] = known
      .filter((each) => isSameHost(each.host, host) && holdsFor(each, repository))
      .sort((a, b) => b.repository.length - a.repository.length);
    return best && credentialOf(best);
  };
  const unused = (host: string, repository: string) =>
    known
      .filter((each) => isSameHost(each.host, host) && !holdsFor(each, repository))
      .map((each) => `${each.source} (for ${each.host}/${each.repository})`);
  return Object.assign(find, { sources: known.map(({ source }) => source), unused });
}

function holdsFor(known: RepositoryCredential, repository: string): boolean {
  const path = known.repository.replace(/\/+$/, "").toLowerCase();
  return path === "" || repository === path || repository.startsWith(`${path}/`);
}

function credentialOf({ username = "token", password, source }: RepositoryCredential): Credential {
  return { kind: "basic", username, password, source };
}
