// Decides whether an image may be used, before anything of it is unpacked, copied or passed on.

import { type Digest, digestOf, type Target } from "@spack-oci/oci-client";
import type { TrustedSigners } from "@spack-oci/signatures";

/** The manifest of an image that is about to be used. */
interface ReadImage {
  readonly tag: string;
  readonly bytes: Buffer;
}

/** Verifies images. */
export interface ImageVerifier {
  /** @throws SpackOciError of kind `untrusted` if the image must not be used; the target's own errors */
  verify(target: Target, image: ReadImage, signal?: AbortSignal): Promise<void>;
}

/** A target whose images are only used if they are signed; any others if there is no verifier. */
export interface VerifiedTarget extends Target {
  readonly verifier?: ImageVerifier | undefined;
}

/** Demands a signature by one of these signers. An image that was verified is not verified again. */
export function imageVerifier(signers: TrustedSigners): ImageVerifier {
  const verified = new Set<Digest>();
  return {
    async verify(target, { tag, bytes }, signal) {
      // What counts are the bytes that are used, whatever digest the registry names.
      const digest = digestOf(bytes);
      if (verified.has(digest)) return;
      const { verifyImage } = await import("@spack-oci/signatures");
      await verifyImage(target, { digest, place: `${target.name}:${tag}` }, { signers, signal });
      verified.add(digest);
    },
  };
}
