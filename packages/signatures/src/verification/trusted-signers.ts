// Whose signatures count.

import type { VerificationKey } from "../keys/public-key.js";
import type { TrustMaterialSource } from "./trust-material.js";

/** Somebody who proved to a certificate authority who they are. */
export interface SignerIdentity {
  /** A mail address, or the URL of a workflow; or a pattern, which has to match all of it. */
  readonly identity: string | RegExp;
  /** The URL of the OIDC provider that vouches for it, to the letter. */
  readonly issuer: string;
}

/** A signature of any of these is enough. */
export interface TrustedSigners {
  readonly keys: readonly VerificationKey[];
  readonly identities: readonly SignerIdentity[];
  /** The authorities that vouch for identities; asked only if there is a signature with a certificate. */
  readonly authorities: TrustMaterialSource;
  /** The repository that images must have been signed for; any by default, so that copies stay valid. */
  readonly repository?: string | undefined;
}

/** The signers, as they follow "a signature by". */
export function describeSigners({ keys, identities, repository }: TrustedSigners): string {
  const names = [
    ...keys.map(({ description }) => `the key ${description}`),
    ...identities.map(describeIdentity),
  ];
  return `${names.join(" or ")}${repository === undefined ? "" : ` for ${repository}`}`;
}

/** A pattern is shown between slashes. */
function describeIdentity({ identity, issuer }: SignerIdentity): string {
  const name = typeof identity === "string" ? identity : `/${identity.source}/`;
  return `${name} (issuer ${issuer})`;
}

/** Whether a certificate is for an identity. */
export function isIdentity(
  { identity, issuer }: SignerIdentity,
  certified: { readonly name: string | undefined; readonly issuer: string | undefined },
): boolean {
  const { name } = certified;
  if (name === undefined || issuer !== certified.issuer) return false;
  return typeof identity === "string" ? identity === name : identity.exec(name)?.[0] === name;
}
