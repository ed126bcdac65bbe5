// Signs indexes with a key that exists only for a test.

import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { keySigner, readPrivateKey, type TrustedSigners } from "@spack-oci/signatures";
import { type ImageSigner, imageSigner } from "../../src/trust/image-signer.js";
import { type ImageVerifier, type IndexRules, imageVerifier } from "../../src/trust/image-verifier.js";

/** A signer, and what verifies its signatures. */
export interface TestSigner extends ImageSigner {
  readonly trusted: TrustedSigners;
  verifier(rules?: IndexRules): ImageVerifier;
}

/** @param directory for the file of the key */
export async function testSigner(directory: string, name = "key"): Promise<TestSigner> {
  const path = join(directory, name);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(path, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  const key = keySigner(await readPrivateKey(path, undefined));
  const trusted = {
    keys: [key.verificationKey],
    identities: [],
    authorities: () => Promise.reject(new TypeError("there are no identities")),
  };
  return {
    ...(await imageSigner(key, "bundle")),
    trusted,
    verifier: (rules) => imageVerifier(trusted, rules),
  };
}
