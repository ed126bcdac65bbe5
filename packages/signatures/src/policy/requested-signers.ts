// Turns what a user asks for on the command line into the signers that count.

import { SpackOciError } from "@spack-oci/errors";
import { readPublicKey } from "../keys/public-key.js";
import { publicTrustedRoot, trustedRootFile } from "../verification/trust-material.js";
import type { TrustedSigners } from "../verification/trusted-signers.js";

/** Who must have signed; a key or an identity is needed. */
export interface RequestedSigners {
  /** Files with public keys, or `env://VARIABLE`. */
  readonly keys?: readonly string[] | undefined;
  readonly identity?: string | undefined;
  /** Required with an identity, because anybody may run a provider that vouches for any name. */
  readonly issuer?: string | undefined;
  /** A file with a trusted root; Sigstore's public one if undefined. */
  readonly trustedRoot?: string | undefined;
}

/** @throws SpackOciError `ERR_KEY` for a bad key, `ERR_SIGNERS` for half an identity, both of kind `usage`. */
export function requestedSigners(
  { keys = [], identity, issuer, trustedRoot }: RequestedSigners,
  environment: NodeJS.ProcessEnv,
): TrustedSigners {
  if ((identity === undefined) !== (issuer === undefined) || (keys.length === 0 && identity === undefined)) {
    throw new SpackOciError("ERR_SIGNERS", "The signer is not complete.", {
      kind: "usage",
      hint: "Name a key with --verify-key FILE, or both --verify-identity NAME and --verify-issuer URL.",
    });
  }
  const identities = identity === undefined || issuer === undefined ? [] : [{ identity, issuer }];
  const authorities =
    trustedRoot === undefined ? publicTrustedRoot(environment) : trustedRootFile(trustedRoot);
  return { keys: keys.map((key) => readPublicKey(key, environment)), identities, authorities };
}
