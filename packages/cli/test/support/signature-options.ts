// The options for signatures, which several commands share.

export const INDEX_SIGN_FLAGS = ["--sign-key <file>", "--sign-keyless"] as const;
export const SIGN_FLAGS = [...INDEX_SIGN_FLAGS, "--signature-format <format>"] as const;

export const VERIFY_FLAGS = [
  "--verify-key <file>",
  "--verify-identity <name>",
  "--verify-identity-regexp <pattern>",
  "--verify-issuer <url>",
  "--trusted-root <file>",
  "--unsigned-index",
  "--no-verify",
] as const;

/** The values of the first, if none is given. */
export const UNSIGNED_INDEX = { signKey: undefined, signKeyless: false } as const;
export const UNSIGNED = { ...UNSIGNED_INDEX, signatureFormat: "bundle" } as const;

/** The values of the second, if none is given. */
export const BY_POLICY = {
  verifyKey: undefined,
  verifyIdentity: undefined,
  verifyIdentityRegexp: undefined,
  verifyIssuer: undefined,
  trustedRoot: undefined,
  unsignedIndex: false,
  noVerify: false,
} as const;
