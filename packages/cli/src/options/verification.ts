// Options for the signatures that packages must have.

import type { Verification } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { flag, repeated, text } from "../declaration/parameter.js";

export const NO_VERIFY_OPTION = flag(
  "--no-verify",
  "use packages without signatures, whatever policies demand",
);

export const VERIFY_OPTIONS = {
  verifyKey: repeated(
    "--verify-key <file>",
    "require signatures by this public key, a file or env://VARIABLE; default: what policies demand; repeatable",
  ),
  verifyIdentity: text(
    "--verify-identity <name>",
    "require signatures by this identity: a mail address, or the URL of a workflow",
  ),
  verifyIdentityRegexp: text(
    "--verify-identity-regexp <pattern>",
    "require signatures by an identity that this regular expression matches as a whole",
  ),
  verifyIssuer: text("--verify-issuer <url>", "URL of the OIDC provider that vouches for the identity"),
  trustedRoot: text(
    "--trusted-root <file>",
    "authorities that vouch for identities; default: those of Sigstore's public instance",
  ),
  unsignedIndex: flag(
    "--unsigned-index",
    "use a package index without a signature; packages still need theirs",
  ),
  noVerify: NO_VERIFY_OPTION,
};

/** The values of these options. */
interface VerifyValues {
  readonly verifyKey: readonly string[] | undefined;
  readonly verifyIdentity: string | undefined;
  readonly verifyIdentityRegexp: string | undefined;
  readonly verifyIssuer: string | undefined;
  readonly trustedRoot: string | undefined;
  readonly unsignedIndex: boolean;
  readonly noVerify: boolean;
}

/**
 * What they ask for; undefined if policies decide.
 *
 * @throws SpackOciError `ERR_USAGE` if they contradict each other
 */
export function verificationOf(values: VerifyValues): Verification {
  const { unsignedIndex, noVerify, trustedRoot } = values;
  const signers = {
    keys: values.verifyKey,
    identity: values.verifyIdentity,
    identityPattern: values.verifyIdentityRegexp,
    issuer: values.verifyIssuer,
    trustedRoot,
  };
  const isNamed = unsignedIndex || Object.values(signers).some((value) => value !== undefined);
  if (noVerify && isNamed) {
    throw new SpackOciError("ERR_USAGE", "--no-verify contradicts the other options about signatures.", {
      kind: "usage",
      hint: "Leave out --no-verify, or everything that names who must have signed.",
    });
  }
  if (noVerify) return "none";
  return isNamed ? { ...signers, unsignedIndex } : undefined;
}
