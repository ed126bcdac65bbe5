// Whose signatures count.

import type { VerificationKey } from "../keys/public-key.js";
import type { TrustMaterialSource } from "./trust-material.js";

/** Somebody who proved to a certificate authority who they are, to the letter. */
export interface SignerIdentity {
  /** A mail address, or the URL of a workflow. */
  readonly identity: string;
  /** The URL of the OIDC provider that vouches for it. */
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
    ...identities.map(({ identity, issuer }) => `${identity} (issuer ${issuer})`),
  ];
  return `${names.join(" or ")}${repository === undefined ? "" : ` for ${repository}`}`;
}
