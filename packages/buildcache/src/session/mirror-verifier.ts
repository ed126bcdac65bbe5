// Decides which signatures the packages of a mirror need: those that the user names, or those that a policy demands.

import type { Target } from "@spack-oci/oci-client";
import {
  policyFiles,
  type RequestedSigners,
  requestedSigners,
  ruleFor,
  signersOfRule,
} from "@spack-oci/signatures/policy";
import { type ImageVerifier, imageVerifier } from "../trust/image-verifier.js";

/** The signers that a command line names, or `none` to go without signatures; if undefined, policies decide. */
export type Verification = RequestedSigners | "none" | undefined;

/** What the decision is based on. */
export interface VerificationContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly onWarning?: ((place: string, message: string) => void) | undefined;
}

/**
 * @returns undefined if packages need no signature
 * @throws SpackOciError `ERR_POLICY`, `ERR_POLICY_WRITABLE`, `ERR_KEY` and `ERR_SIGNERS`
 */
export function mirrorVerifier(
  { name }: Target,
  verification: Verification,
  { environment, onWarning }: VerificationContext,
): ImageVerifier | undefined {
  if (typeof verification === "object") return imageVerifier(requestedSigners(verification, environment));
  const rule = ruleFor(name, policyFiles(environment));
  if (rule === undefined || rule.unsigned) return undefined;
  if (verification === undefined) return imageVerifier(signersOfRule(rule, environment));
  const message = `signatures are not verified, although the policy ${rule.source} demands it: anybody who can write to the mirror decides what is used.`;
  onWarning?.(name, message);
  return undefined;
}
