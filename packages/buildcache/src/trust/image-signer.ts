// Signs images and the index that lists them, before their tags make them visible.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor, Digest, Target } from "@spack-oci/oci-client";
import type { SignatureFormat, StatementSigner, TrustedSigners } from "@spack-oci/signatures";
import { formatClaim, INDEX_PREDICATE, type IndexClaim } from "./index-statement.js";
import { type SignedIndex, verifyIndexSignature } from "./verify-index.js";

/** Signs images in one form. */
export interface ImageSigner {
  /** For messages: `the key cosign.key`. */
  readonly name: string;
  /** Attaches a signature to an image, which need not exist yet. */
  sign(target: Target, image: Descriptor, signal?: AbortSignal): Promise<void>;
  /** Whether an image has a signature of this signer's key; false if it has no key to tell by. */
  hasSigned(target: Target, image: Descriptor, signal?: AbortSignal): Promise<boolean>;
  /**
   * Signs a package index.
   *
   * @param covered the SHA-256 of its manifest without the signature
   * @returns a bundle
   */
  signIndex(target: Target, covered: Digest, claim: IndexClaim): Promise<Buffer>;
  /**
   * What this signer's key states about an index.
   *
   * @throws SpackOciError of kind `untrusted` if it states nothing; a signer without a key cannot tell
   */
  claimOf(target: Target, index: SignedIndex): Promise<IndexClaim>;
  /** Signs other statements. */
  readonly statements: StatementSigner;
}

/** @throws SpackOciError `ERR_SIGNATURE_FORMAT` (`usage`) if the signer has no key, which the older form needs */
export async function imageSigner(signer: StatementSigner, format: SignatureFormat): Promise<ImageSigner> {
  const { addSimpleSignature, attachSignature, repositoryOf, requireKeySigner, signClaim, verifyImage } =
    await import("@spack-oci/signatures");
  const key = format === "simple" ? requireKeySigner(signer) : undefined;
  const own: TrustedSigners = {
    keys: "verificationKey" in signer ? [requireKeySigner(signer).verificationKey] : [],
    identities: [],
    authorities: noAuthorities,
  };
  return {
    name: signer.name,
    async sign(target, image, signal) {
      if (key === undefined) await attachSignature(target, image, { signer, signal });
      else await addSimpleSignature(target, image, { signer: key, signal });
    },
    async hasSigned(target, { digest }, signal) {
      if (own.keys.length === 0) return false;
      try {
        await verifyImage(
          target,
          { digest, place: target.name },
          { signers: own, formats: [format], signal },
        );
        return true;
      } catch (error) {
        if (isSpackOciError(error, "untrusted")) return false;
        throw error;
      }
    },
    signIndex(target, covered, claim) {
      const subject = { digest: covered, repository: repositoryOf(target) };
      return signClaim(subject, { signer, predicateType: INDEX_PREDICATE, predicate: formatClaim(claim) });
    },
    claimOf: (target, index) => verifyIndexSignature(target, index, own),
    statements: signer,
  };
}

function noAuthorities(): never {
  throw new TypeError("keys need no authorities");
}
