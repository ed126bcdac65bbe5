// Every size and count that this package accepts from registries and files, far above what real ones have.

/** Bytes of a bundle; with a certificate and a log entry it has about 10 KiB. */
export const MAX_BUNDLE_SIZE: number = 256 * 1024;

/** Bytes of a signed payload, which is a few hundred. */
export const MAX_PAYLOAD_SIZE: number = 64 * 1024;

/** Signatures of one image that are looked at. */
export const MAX_SIGNATURES = 32;

/** Bytes of a bundle that lists of referrers carry in an annotation. */
export const MAX_LISTED_BUNDLE_SIZE: number = 16 * 1024;

/** Bytes of a file with a key. */
export const MAX_KEY_SIZE: number = 64 * 1024;

/** Bytes of a policy or of a file with trusted roots. */
export const MAX_POLICY_SIZE: number = 1024 * 1024;

/** Bits of an RSA key: fewer are weak, and more take seconds to verify. */
export const RSA_BITS = { min: 2048, max: 8192 } as const;
