// Digests name content by its hash; all content that this client stores or fetches is addressed by one.

import { createHash } from "node:crypto";

/** The hash algorithms of the OCI image specification ("Registered algorithms"). */
type DigestAlgorithm = "sha256" | "sha512";

/** A digest in text form: algorithm, colon, lower-case hexadecimal. */
export type Digest = `${DigestAlgorithm}:${string}`;

const DIGEST_PATTERN = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/**
 * Whether `text` is a well-formed sha256 or sha512 digest.
 *
 * @example
 * ```ts
 * import { isDigest } from "@spack-oci/oci-client";
 *
 * console.log(isDigest("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")); // true
 * console.log(isDigest("latest")); // false
 * ```
 */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && DIGEST_PATTERN.test(text);
}

/**
 * The digest of bytes in memory; a string is encoded as UTF-8.
 *
 * @example
 * ```ts
 * import { digestOf } from "@spack-oci/oci-client";
 *
 * console.log(digestOf("{}")); // sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
 * ```
 */
export function digestOf(content: Uint8Array | string, algorithm: DigestAlgorithm = "sha256"): Digest {
  return `${algorithm}:${createHash(algorithm).update(content).digest("hex")}`;
}

/** The algorithm part of a digest. */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

/** The hexadecimal part of a digest. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}
