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
import { seenIndex } from "../trust/seen-indexes.js";
import { cachePlace } from "./cache-place.js";

/** The signers that a command line names; if it names none, policies decide. */
interface RequestedVerification extends RequestedSigners {
  /** Whether the package index needs no signature. */
  readonly unsignedIndex?: boolean | undefined;
}

/** What is to be verified: `none` to go without signatures; if undefined, policies decide. */
export type Verification = RequestedVerification | "none" | undefined;

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
  const { unsignedIndex: unsigned = false, ...named } = typeof verification === "object" ? verification : {};
  const directory = cachePlace(environment);
  const seen = directory === undefined ? undefined : seenIndex(directory, name, onWarning);
  if (Object.values(named).some((value) => value !== undefined))
    return imageVerifier(requestedSigners(named, environment), { unsigned, seen });
  const rule = ruleFor(name, policyFiles(environment));
  if (rule === undefined || rule.unsigned) return undefined;
  if (verification !== "none") {
    const index = { unsigned: unsigned || rule.unsignedIndex, maxAge: rule.maxIndexAge, seen };
    return imageVerifier(signersOfRule(rule, environment), index);
  }
  const message = `signatures are not verified, although the policy ${rule.source} demands it: anybody who can write to the mirror decides what is used.`;
  onWarning?.(name, message);
  return undefined;
}
