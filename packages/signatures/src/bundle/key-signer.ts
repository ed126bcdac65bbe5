// Signs with a key of the user's.

import { bundleToJSON, toDSSEBundle } from "@sigstore/bundle";
import { dsse } from "@sigstore/core";
import { signWith } from "../keys/key-algorithm.js";
import type { SigningKey } from "../keys/private-key.js";
import { STATEMENT_TYPE } from "./media-types.js";
import type { KeySigner } from "./signer.js";

/** The signatures go into no transparency log: those who have the public key need nobody else to verify them. */
export function keySigner({ key, verificationKey, path }: SigningKey): KeySigner {
  const { hint } = verificationKey;
  return {
    name: `the key ${path}`,
    verificationKey,
    signPayload: (payload) => signWith(key, payload),
    async signStatement(statement) {
      const signature = signWith(key, dsse.preAuthEncoding(STATEMENT_TYPE, statement));
      const bundle = toDSSEBundle({
        artifact: statement,
        artifactType: STATEMENT_TYPE,
        signature,
        keyHint: hint,
      });
      // cosign rejects signatures with a key ID that it does not use itself.
      for (const each of bundle.content.dsseEnvelope.signatures) each.keyid = "";
      return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
    },
  };
}
