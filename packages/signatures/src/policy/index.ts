// The part of the public surface that every command may need: it loads no library until a signature is verified.

export type { TrustedSigners } from "../verification/trusted-signers.js";
export { policyFiles, ruleFor } from "./policies.js";
export { type RequestedSigners, requestedSigners } from "./requested-signers.js";
export { signersOfRule } from "./signers-of-rule.js";
