// What a writer of the index knows about its signatures, and how it signs what it writes.
//
// A writer that signs takes over only entries that somebody signed whom it trusts; otherwise it reads the packages
// themselves. It ends only once the index under the tag has a version that is not lower than any that it has seen or
// written.
//
// A writer B may still overwrite the newer index of a writer A that it has not seen, after A has ended. Then B had read the
// index before A wrote, and A listed the tags after that: so A's index has the packages of B, and B, which ends with a
// complete index, those of A. Both have the same content, and readers accept the content that they know with any version.

import { isSpackOciError } from "@spack-oci/errors";
import type { Digest } from "@spack-oci/oci-client";
import { INDEX_TAG } from "../package-image/tags.js";
import type { ImageSigner } from "../trust/image-signer.js";
import type { VerifiedTarget } from "../trust/image-verifier.js";
import { type IndexClaim, nextClaim } from "../trust/index-statement.js";
import type { IndexImage } from "./read-index.js";

/** What an index that was read is worth. */
export interface IndexStanding {
  /** Whether its entries can be taken over. */
  readonly isTrusted: boolean;
  /** Whether it has to be signed again, although nothing in it changes. */
  readonly isOutdated: boolean;
}

/** Also for all indexes, if the writer does not sign. */
export const TRUSTED: IndexStanding = { isTrusted: true, isOutdated: false };
const REJECTED: IndexStanding = { isTrusted: false, isOutdated: true };

export class IndexSignatures {
  readonly #target: VerifiedTarget;
  readonly #signer: ImageSigner | undefined;
  /** The highest version that was seen or written. */
  #newest = 0;
  #began = new Date();

  constructor(target: VerifiedTarget, signer: ImageSigner | undefined) {
    this.#target = target;
    this.#signer = signer;
  }

  /** Whether this writer signs. */
  get isSigning(): boolean {
    return this.#signer !== undefined;
  }

  /** To be called before the index is read: its version says since when the packages in it have been known. */
  begin(): void {
    this.#began = new Date();
  }

  async examine({ signature }: IndexImage): Promise<IndexStanding> {
    if (this.#signer === undefined) return TRUSTED;
    const version = await this.#versionOf(signature);
    if (version === undefined) return REJECTED;
    const isOutdated = version < this.#newest;
    this.#newest = Math.max(this.#newest, version);
    return { isTrusted: true, isOutdated };
  }

  /** @returns a bundle; undefined if this writer does not sign */
  async sign(covered: Digest): Promise<Buffer | undefined> {
    if (this.#signer === undefined) return undefined;
    const claim = nextClaim(this.#newest, this.#began);
    const bundle = await this.#signer.signIndex(this.#target, covered, claim);
    this.#newest = claim.version;
    return bundle;
  }

  /** The signer's own signature counts, and so does one that readers of this user accept. */
  async #versionOf(signature: IndexImage["signature"]): Promise<number | undefined> {
    const index = { place: `${this.#target.name}:${INDEX_TAG}`, signature };
    for (const judge of [this.#signer, this.#target.verifier]) {
      const claim = judge && (await accepted(judge.claimOf(this.#target, index)));
      if (claim !== undefined) return claim.version;
    }
    return undefined;
  }
}

/** @returns undefined if the signature does not count */
async function accepted(claim: Promise<IndexClaim>): Promise<IndexClaim | undefined> {
  try {
    return await claim;
  } catch (error) {
    if (isSpackOciError(error, "untrusted")) return undefined;
    throw error;
  }
}
