// Signs statements: about an image, to which they are attached as bundles, or about bytes that keep them elsewhere.

import { attachReferrer, type Descriptor, type RequestOptions, type Target } from "@spack-oci/oci-client";
import { MAX_LISTED_BUNDLE_SIZE } from "../limits.js";
import { BUNDLE_ANNOTATIONS, BUNDLE_TYPE, SIGNATURE_PREDICATE } from "./media-types.js";
import type { StatementSigner } from "./signer.js";
import { type Claim, formatStatement, type Subject } from "./statement.js";

/** What to sign, and who signs. */
export interface SignedClaim extends Claim, RequestOptions {
  readonly signer: StatementSigner;
}

/**
 * Signs a claim about an image and attaches the bundle: a signature, a provenance, a bill of materials. The image need
 * not exist yet.
 *
 * @param image Must be named by its SHA-256 digest.
 * @returns The descriptor of the manifest that refers to the image.
 */
export async function attachStatement(
  target: Target,
  image: Descriptor,
  { signer, predicateType, predicate, signal }: SignedClaim,
): Promise<Descriptor> {
  const subject = { digest: image.digest, repository: repositoryOf(target) };
  const bytes = await signClaim(subject, { signer, predicateType, predicate });
  const isListed = predicateType === SIGNATURE_PREDICATE && bytes.length <= MAX_LISTED_BUNDLE_SIZE;
  const annotations = {
    [BUNDLE_ANNOTATIONS.content]: "dsse-envelope",
    [BUNDLE_ANNOTATIONS.predicateType]: predicateType,
    ...(isListed && { [BUNDLE_ANNOTATIONS.bundle]: bytes.toString("utf8") }),
  };
  const artifact = { artifactType: BUNDLE_TYPE, mediaType: BUNDLE_TYPE, bytes, annotations };
  return attachReferrer(target, image, { ...artifact, signal });
}

/** The bytes of a bundle that says something about a digest. */
export function signClaim(
  subject: Subject,
  { signer, predicateType, predicate }: Omit<SignedClaim, "signal">,
): Promise<Buffer> {
  return signer.signStatement(formatStatement(subject, { predicateType, predicate }));
}

/** Signs an image: says nothing about it but that the signer vouches for it. */
export function attachSignature(
  target: Target,
  image: Descriptor,
  { signer, signal }: RequestOptions & { readonly signer: StatementSigner },
): Promise<Descriptor> {
  return attachStatement(target, image, {
    signer,
    predicateType: SIGNATURE_PREDICATE,
    predicate: {},
    signal,
  });
}

/** `host/repository`; undefined for a target that is not a registry. */
export function repositoryOf({ name }: Target): string | undefined {
  return /^oci(?:\+http)?:\/\/(.+)$/.exec(name)?.[1];
}
