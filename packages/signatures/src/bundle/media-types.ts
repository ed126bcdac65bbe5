// The names that cosign gives to what it signs and attaches, which other verifiers look for.

export const BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
export const STATEMENT_TYPE = "application/vnd.in-toto+json";

/** The predicate of a statement that only says who signed (cosign: pkg/types/predicate.go). */
export const SIGNATURE_PREDICATE = "https://sigstore.dev/cosign/sign/v1";

/** Annotations of the manifests that refer to an image. */
export const BUNDLE_ANNOTATIONS = {
  content: "dev.sigstore.bundle.content",
  predicateType: "dev.sigstore.bundle.predicateType",
  /** The bundle itself, so that a list of referrers is all that a verifier has to request. */
  bundle: "dev.spack-oci.sigstore.bundle",
} as const;
