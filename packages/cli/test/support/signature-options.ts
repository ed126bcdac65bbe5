// The options for signatures, which several commands share.

export const SIGN_FLAGS = ["--sign-key <file>", "--sign-keyless", "--signature-format <format>"] as const;

export const VERIFY_FLAGS = [
  "--verify-key <file>",
  "--verify-identity <name>",
  "--verify-issuer <url>",
  "--trusted-root <file>",
  "--no-verify",
] as const;

/** The values of the first, if none is given. */
export const UNSIGNED = { signKey: undefined, signKeyless: false, signatureFormat: "bundle" } as const;

/** The values of the second, if none is given. */
export const BY_POLICY = {
  verifyKey: undefined,
  verifyIdentity: undefined,
  verifyIssuer: undefined,
  trustedRoot: undefined,
  noVerify: false,
} as const;
