// Signs images, before their tags make them visible.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor, Target } from "@spack-oci/oci-client";
import type { SignatureFormat, StatementSigner } from "@spack-oci/signatures";

/** Signs images in one form. */
export interface ImageSigner {
  /** For messages: `the key cosign.key`. */
  readonly name: string;
  /** Attaches a signature to an image, which need not exist yet. */
  sign(target: Target, image: Descriptor, signal?: AbortSignal): Promise<void>;
  /** Whether an image has a signature of this signer's key; false if it has no key to tell by. */
  hasSigned(target: Target, image: Descriptor, signal?: AbortSignal): Promise<boolean>;
}

/** @throws SpackOciError `ERR_SIGNATURE_FORMAT` (`usage`) if the signer has no key, which the older form needs */
export async function imageSigner(signer: StatementSigner, format: SignatureFormat): Promise<ImageSigner> {
  const { addSimpleSignature, attachSignature, requireKeySigner, verifyImage } = await import(
    "@spack-oci/signatures"
  );
  const key = format === "simple" ? requireKeySigner(signer) : undefined;
  return {
    name: signer.name,
    async sign(target, image, signal) {
      if (key === undefined) await attachSignature(target, image, { signer, signal });
      else await addSimpleSignature(target, image, { signer: key, signal });
    },
    async hasSigned(target, { digest }, signal) {
      if (!("verificationKey" in signer)) return false;
      const { verificationKey } = requireKeySigner(signer);
      const signers = { keys: [verificationKey], identities: [], authorities: noAuthorities };
      try {
        await verifyImage(target, { digest, place: target.name }, { signers, formats: [format], signal });
        return true;
      } catch (error) {
        if (isSpackOciError(error, "untrusted")) return false;
        throw error;
      }
    },
  };
}

function noAuthorities(): never {
  throw new TypeError("keys need no authorities");
}
