// Who signs: a key, or an identity that a certificate authority vouches for.

import { SpackOciError } from "@spack-oci/errors";
import type { VerificationKey } from "../keys/public-key.js";

/** Signs statements. */
export interface StatementSigner {
  /** For messages: `the key cosign.key`. */
  readonly name: string;
  /** The bytes of a bundle (version 0.3) around a statement. */
  signStatement(statement: Buffer): Promise<Buffer>;
}

/** Signs any bytes as they are, as cosign's older signatures need it. */
export interface PayloadSigner {
  /** The public half of the key. */
  readonly verificationKey: VerificationKey;
  signPayload(payload: Buffer): Buffer;
}

/** A signer that can do both. */
export type KeySigner = StatementSigner & PayloadSigner;

/**
 * Returns a signer if it has a key.
 *
 * @throws SpackOciError `ERR_SIGNATURE_FORMAT` of kind `usage` if a certificate authority vouches for it.
 */
export function requireKeySigner(signer: StatementSigner | KeySigner): KeySigner {
  if ("signPayload" in signer) return signer;
  throw new SpackOciError("ERR_SIGNATURE_FORMAT", "cosign's older signatures are made with keys only.", {
    kind: "usage",
    hint: "Use --signature-format bundle, or a key.",
  });
}
