// The public surface of @spack-oci/signatures: what signs and verifies, and what others attach with it.

export {
  attachSignature,
  attachStatement,
  repositoryOf,
  type SignedClaim,
  signClaim,
} from "./bundle/attach-statement.js";
export { keySigner } from "./bundle/key-signer.js";
export { type KeySigner, requireKeySigner, type StatementSigner } from "./bundle/signer.js";
export { type KeylessServices, keylessSigner } from "./keyless/keyless-signer.js";
export { type AskPassword, readPrivateKey } from "./keys/private-key.js";
export { addSimpleSignature, signatureTag } from "./simple-signing/signature-tag.js";
export { describeSigners, type SignerIdentity, type TrustedSigners } from "./verification/trusted-signers.js";
export { verifyClaim } from "./verification/verify-claim.js";
export {
  type ImageToVerify,
  type SignatureFormat,
  type VerifiedSignature,
  verifyImage,
} from "./verification/verify-image.js";
