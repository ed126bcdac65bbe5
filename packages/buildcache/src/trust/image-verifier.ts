// Decides whether an image may be used, before anything of it is unpacked, copied or passed on.

import { type Digest, digestOf, type Target } from "@spack-oci/oci-client";
import type { TrustedSigners } from "@spack-oci/signatures";
import type { IndexClaim } from "./index-statement.js";
import type { SeenIndex } from "./seen-indexes.js";
import { requireFresh, requireNeverSeen, type SignedIndex, verifyIndexSignature } from "./verify-index.js";

/** The manifest of an image that is about to be used. */
interface ReadImage {
  readonly tag: string;
  readonly bytes: Buffer;
}

/** Verifies images, and the index that lists them. */
export interface ImageVerifier {
  /** @throws SpackOciError of kind `untrusted` if the image must not be used; the target's own errors */
  verify(target: Target, image: ReadImage, signal?: AbortSignal): Promise<void>;
  /**
   * Also for a buildcache without an index: it may have had one.
   *
   * @throws SpackOciError of kind `untrusted` if the index must not be used
   */
  verifyIndex(target: Target, index: SignedIndex | Missing): Promise<void>;
  /** Only who signed an index, as a writer has to know who continues it. Throws as `verifyIndex` does. */
  claimOf(target: Target, index: SignedIndex): Promise<IndexClaim>;
}

/** An index that does not exist. */
interface Missing {
  readonly place: string;
  readonly isMissing: true;
}

/** A target whose images are only used if they are signed; any others if there is no verifier. */
export interface VerifiedTarget extends Target {
  readonly verifier?: ImageVerifier | undefined;
}

/** What is demanded of a package index. */
export interface IndexRules {
  /** Whether it needs no signature. */
  readonly unsigned?: boolean | undefined;
  /** How old its signature may be, in milliseconds; any age if undefined. */
  readonly maxAge?: number | undefined;
  /** Where the newest index that was used is remembered. */
  readonly seen?: SeenIndex | undefined;
}

/** Demands a signature by one of these signers. An image that was verified is not verified again. */
export function imageVerifier(signers: TrustedSigners, index: IndexRules = {}): ImageVerifier {
  const verified = new Set<Digest>();
  const { unsigned = false, maxAge, seen } = index;
  return {
    async verify(target, { tag, bytes }, signal) {
      // What counts are the bytes that are used, whatever digest the registry names.
      const digest = digestOf(bytes);
      if (verified.has(digest)) return;
      const { verifyImage } = await import("@spack-oci/signatures");
      await verifyImage(target, { digest, place: `${target.name}:${tag}` }, { signers, signal });
      verified.add(digest);
    },
    async verifyIndex(target, found) {
      if (unsigned) return;
      if ("isMissing" in found) return requireNeverSeen(found.place, seen);
      const claim = await verifyIndexSignature(target, found, signers);
      const covered = found.signature?.covered ?? "";
      requireFresh(found.place, { ...claim, covered }, { seen, maxAge, now: Date.now });
    },
    claimOf: (target, found) => verifyIndexSignature(target, found, signers),
  };
}
