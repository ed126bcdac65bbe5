// Decides whether a bundle that is kept beside what it is about says something that counts.

import type { Digest } from "@spack-oci/oci-client";
import { parseBundle } from "../bundle/parse-bundle.js";
import { noValidSignature, reasonFor, SignatureRejection } from "../errors.js";
import { describeSigners, type TrustedSigners } from "./trusted-signers.js";
import { verifyBundle } from "./verify-bundle.js";

/** A bundle, and what it has to be about. */
export interface ClaimToVerify {
  readonly bundle: Buffer;
  /** The SHA-256 of what it is about, worked out from the bytes. */
  readonly digest: Digest;
  /** For messages. */
  readonly place: string;
  readonly predicateType: string;
}

/** What somebody says who is trusted. */
export interface VerifiedClaim {
  /** The key or identity, for messages. */
  readonly signer: string;
  readonly predicate: unknown;
}

/**
 * @throws SpackOciError `ERR_SIGNATURE_INVALID` (`untrusted`)
 */
export async function verifyClaim(
  { bundle, digest, place, predicateType }: ClaimToVerify,
  signers: TrustedSigners,
): Promise<VerifiedClaim> {
  try {
    const parsed = parseBundle(bundle);
    const { statement } = parsed;
    if (statement.predicateType !== predicateType)
      throw new SignatureRejection(`it states ${reasonFor(statement.predicateType)}`);
    if (statement.digest !== digest)
      throw new SignatureRejection(`it is a signature of other content, ${reasonFor(statement.digest)}`);
    const { repository } = signers;
    if (repository !== undefined && statement.repository !== repository)
      throw new SignatureRejection(`it is signed for ${reasonFor(statement.repository ?? "no repository")}`);
    return { signer: await verifyBundle(parsed, signers), predicate: statement.predicate };
  } catch (error) {
    if (!(error instanceof SignatureRejection)) throw error;
    throw noValidSignature({ place, digest }, [reasonFor(error)], describeSigners(signers));
  }
}
