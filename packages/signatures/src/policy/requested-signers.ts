// Turns what a user asks for on the command line into the signers that count.

import { SpackOciError } from "@spack-oci/errors";
import { readPublicKey } from "../keys/public-key.js";
import { publicTrustedRoot, trustedRootFile } from "../verification/trust-material.js";
import type { TrustedSigners } from "../verification/trusted-signers.js";
import { identityPattern } from "./identity-pattern.js";

/** Who must have signed; a key or an identity is needed. */
export interface RequestedSigners {
  /** Files with public keys, or `env://VARIABLE`. */
  readonly keys?: readonly string[] | undefined;
  readonly identity?: string | undefined;
  /** A regular expression for the whole identity, in place of it. */
  readonly identityPattern?: string | undefined;
  /** Required with an identity, because anybody may run a provider that vouches for any name. */
  readonly issuer?: string | undefined;
  /** A file with a trusted root; Sigstore's public one if undefined. */
  readonly trustedRoot?: string | undefined;
}

/** @throws SpackOciError `ERR_KEY` for a bad key, `ERR_SIGNERS` for half an identity, both of kind `usage`. */
export function requestedSigners(
  { keys = [], identityPattern: pattern, issuer, trustedRoot, ...named }: RequestedSigners,
  environment: NodeJS.ProcessEnv,
): TrustedSigners {
  const identity = pattern === undefined ? named.identity : requirePattern(pattern);
  const isTwice = pattern !== undefined && named.identity !== undefined;
  const isHalf = (identity === undefined) !== (issuer === undefined);
  if (isTwice || isHalf || (keys.length === 0 && identity === undefined)) {
    throw new SpackOciError("ERR_SIGNERS", "The signer is not complete.", {
      kind: "usage",
      hint: "Name a key with --verify-key FILE, or both --verify-identity NAME (or --verify-identity-regexp PATTERN) and --verify-issuer URL.",
    });
  }
  const identities = identity === undefined || issuer === undefined ? [] : [{ identity, issuer }];
  const authorities =
    trustedRoot === undefined ? publicTrustedRoot(environment) : trustedRootFile(trustedRoot);
  return { keys: keys.map((key) => readPublicKey(key, environment)), identities, authorities };
}

/** @throws SpackOciError `ERR_SIGNERS` of kind `usage` if it is not a regular expression */
function requirePattern(text: string): RegExp {
  const pattern = identityPattern(text);
  if (pattern !== undefined) return pattern;
  throw new SpackOciError("ERR_SIGNERS", `${JSON.stringify(text)} is not a regular expression.`, {
    kind: "usage",
    hint: "Write a pattern of JavaScript that matches whole identities, such as https://github\\.com/me/.*",
  });
}
