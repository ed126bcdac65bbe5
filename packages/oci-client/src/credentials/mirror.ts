// Credentials that belong to mirrors: an access pair holds for the mirror's repository and what is below it.

import { isSameHost } from "../quirks/host-names.js";
import type { Credential, Credentials } from "./credential.js";

/** The access pair of a mirror, its variables already looked up by whoever read the configuration. */
export interface MirrorAccess {
  /** Host of the mirror, with port. */
  readonly host: string;
  /** Repository of the mirror; the pair also holds for repositories below it. */
  readonly repository: string;
  /** Left out for an access token, which goes without a user name. */
  readonly username?: string;
  readonly password: string;
  /** For messages: `mirror "main" (variables CI_USER, CI_TOKEN)`. */
  readonly source: string;
}

/** The access pair of the mirror that fits a repository best: two organisations on one host keep theirs apart. */
export function mirrorCredentials(mirrors: readonly MirrorAccess[]): Credentials {
  const find: Credentials = (host, repository) => {
    const [best] = mirrors
      .filter((mirror) => isSameHost(mirror.host, host) && holdsFor(mirror, repository))
      .sort((a, b) => b.repository.length - a.repository.length);
    return best && credentialOf(best);
  };
  return Object.assign(find, { sources: mirrors.map((mirror) => mirror.source) });
}

function holdsFor(mirror: MirrorAccess, repository: string): boolean {
  const path = mirror.repository.replace(/\/+$/, "").toLowerCase();
  return path === "" || repository === path || repository.startsWith(`${path}/`);
}

function credentialOf({ username = "token", password, source }: MirrorAccess): Credential {
  return { kind: "basic", username, password, source };
}
