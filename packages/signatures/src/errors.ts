// The errors of this package.

import { SpackOciError } from "@spack-oci/errors";

/** An image as messages name it: where it is, and which manifest it is. */
export interface SignedPlace {
  /** `oci://host/repository:tag`. */
  readonly place: string;
  readonly digest: string;
}

/** The error for an image without any signature; kind `untrusted`. */
export function notSigned({ place, digest }: SignedPlace, expected: string): SpackOciError {
  return new SpackOciError("ERR_NOT_SIGNED", `${place} is not signed.`, {
    kind: "untrusted",
    place: `${place}@${digest}`,
    hint: `Expected a signature by ${expected}. Ask who pushed it to run "spack-oci sign"; --no-verify does without a signature.`,
  });
}

/**
 * The error for an image whose signatures do not count; kind `untrusted`.
 *
 * @param reasons Why each of them does not, without periods.
 */
export function noValidSignature(
  { place, digest }: SignedPlace,
  reasons: readonly string[],
  expected: string,
): SpackOciError {
  const listed = [...new Set(reasons)].join("; ");
  return new SpackOciError("ERR_SIGNATURE_INVALID", `${place} has no valid signature: ${listed}.`, {
    kind: "untrusted",
    place: `${place}@${digest}`,
    hint: `Expected a signature by ${expected}. If the image was pushed again, it must be signed again. Otherwise do not use it: somebody may have replaced it.`,
  });
}

/** The error for a file that is not a usable key; kind `usage`. */
export function badKey(path: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_KEY", `${path} is not a usable key: ${why}.`, {
    kind: "usage",
    place: path,
    cause,
    hint: "Use a PEM file with an ECDSA (P-256, P-384, P-521), Ed25519 or RSA key, or one that cosign wrote.",
  });
}

/** The error for a key that cannot be decrypted; kind `usage`. */
export function badKeyPassword(path: string, why: string): SpackOciError {
  return new SpackOciError("ERR_KEY_PASSWORD", `${path} cannot be decrypted: ${why}.`, {
    kind: "usage",
    place: path,
    hint: "Set COSIGN_PASSWORD to the password of the key, or type it at the prompt.",
  });
}

/** Why one signature does not count; the caller collects these. */
export class SignatureRejection extends Error {
  override readonly name = "SignatureRejection";
}

/** The message of an error, on one line and short enough for a list. */
export function reasonFor(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, " ").replace(/\.$/, "").slice(0, 200);
}
