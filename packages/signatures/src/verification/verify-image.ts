// Decides whether an image may be used: at least one of its signatures must be by somebody who is trusted.

import { isSpackOciError } from "@spack-oci/errors";
import type { Digest, RequestOptions, Target } from "@spack-oci/oci-client";
import { SIGNATURE_PREDICATE } from "../bundle/media-types.js";
import { parseBundle } from "../bundle/parse-bundle.js";
import { findBundles } from "../bundle/read-bundles.js";
import type { Subject } from "../bundle/statement.js";
import { notSigned, noValidSignature, reasonFor, SignatureRejection, type SignedPlace } from "../errors.js";
import { isSignedBy } from "../keys/key-algorithm.js";
import { parsePayload } from "../simple-signing/payload.js";
import { findSimpleSignatures, type SimpleSignature } from "../simple-signing/signature-tag.js";
import { describeSigners, type TrustedSigners } from "./trusted-signers.js";
import { verifyBundle } from "./verify-bundle.js";

/** An image whose signature is asked for. */
export interface ImageToVerify extends SignedPlace {
  /** The SHA-256 of the manifest's bytes, worked out from them. */
  readonly digest: Digest;
}

/**
 * - `bundle`: a Sigstore bundle that refers to the image
 * - `simple`: cosign's older form, "simple signing", under a tag of its own
 */
export type SignatureFormat = "bundle" | "simple";

/** How an image is signed. */
export interface VerifiedSignature {
  /** The key or identity, for messages. */
  readonly signer: string;
  readonly format: SignatureFormat;
}

/** Who must have signed, and where signatures are looked for. */
export interface VerificationOptions extends RequestOptions {
  readonly signers: TrustedSigners;
  /** Both by default. */
  readonly formats?: readonly SignatureFormat[] | undefined;
}

/**
 * Looks for a valid signature: among the bundles that refer to the image first, then in cosign's older form.
 *
 * @throws SpackOciError of kind `untrusted`: `ERR_NOT_SIGNED` if there is no signature, `ERR_SIGNATURE_INVALID` if none
 *   counts; the target's own errors if it cannot be asked.
 */
export async function verifyImage(
  target: Target,
  image: ImageToVerify,
  { signers, formats = ["bundle", "simple"], ...options }: VerificationOptions,
): Promise<VerifiedSignature> {
  const reasons: string[] = [];
  const bundles = formats.includes("bundle")
    ? await attempt(reasons, () => findBundles(target, image.digest, options))
    : [];
  for (const read of bundles ?? []) {
    const signer = await attempt(reasons, async () => verifyRead(await read(), image, signers));
    if (signer !== undefined) return { signer, format: "bundle" };
  }
  const older = formats.includes("simple")
    ? await attempt(reasons, () => findSimpleSignatures(target, image, options))
    : [];
  for (const read of older ?? []) {
    const signer = await attempt(reasons, async () => verifySimple(await read(), image, signers));
    if (signer !== undefined) return { signer, format: "simple" };
  }
  const expected = describeSigners(signers);
  throw reasons.length === 0 ? notSigned(image, expected) : noValidSignature(image, reasons, expected);
}

async function verifyRead(bytes: Buffer, image: ImageToVerify, signers: TrustedSigners): Promise<string> {
  const parsed = parseBundle(bytes);
  const { statement } = parsed;
  if (statement.predicateType !== SIGNATURE_PREDICATE) {
    throw new SignatureRejection(`it states ${reasonFor(statement.predicateType)} instead of a signature`);
  }
  requireSubject(statement, image, signers);
  return verifyBundle(parsed, signers);
}

function verifySimple(
  { payload, signature, hasCertificate }: SimpleSignature,
  image: ImageToVerify,
  signers: TrustedSigners,
): string {
  if (hasCertificate) {
    throw new SignatureRejection("it is signed with a certificate in cosign's older form, which needs a key");
  }
  requireSubject(parsePayload(payload), image, signers);
  const signer = signers.keys.find(({ key }) => isSignedBy(key, payload, signature));
  if (signer === undefined) throw new SignatureRejection("it is signed with another key");
  return signer.description;
}

function requireSubject(subject: Subject, { digest }: ImageToVerify, { repository }: TrustedSigners): void {
  if (subject.digest !== digest) {
    throw new SignatureRejection(`it is a signature of another image, ${reasonFor(subject.digest)}`);
  }
  if (repository === undefined || subject.repository === repository) return;
  throw new SignatureRejection(`it is signed for ${reasonFor(subject.repository ?? "no repository")}`);
}

/** Collects why something is not a valid signature. An answer that does not come proves nothing, and is an error. */
async function attempt<T>(reasons: string[], task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    const isAnswer = isSpackOciError(error, "corrupt") || isSpackOciError(error, "not-found");
    if (!isAnswer && !(error instanceof SignatureRejection)) throw error;
    reasons.push(reasonFor(error));
    return undefined;
  }
}
