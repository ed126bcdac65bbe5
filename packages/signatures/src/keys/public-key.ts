// Reads public keys for verifying.

import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { badKey } from "../errors.js";
import { keyTypeName, requireUsable } from "./key-algorithm.js";
import { readKeyText } from "./read-key-text.js";

/** A key that verifies. */
export interface VerificationKey {
  readonly key: KeyObject;
  /** Names the key in bundles. */
  readonly hint: string;
  /** For messages: the file, the kind of key, and its fingerprint. */
  readonly description: string;
}

/**
 * Reads a public key in PEM (SubjectPublicKeyInfo, `BEGIN PUBLIC KEY`).
 *
 * @param name as `readKeyText` takes it
 * @throws SpackOciError `ERR_KEY` of kind `usage` if it is anything else, such as a private key or a certificate.
 */
export function readPublicKey(name: string, environment: NodeJS.ProcessEnv): VerificationKey {
  return parsePublicKey(readKeyText(name, environment), name);
}

/** The same for a text. */
export function parsePublicKey(pem: string, path: string): VerificationKey {
  // Node would also take the public half of a private key, or of a certificate without looking at its dates.
  if (!/^\s*-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\s*$/.test(pem)) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
    throw badKey(path, found === undefined ? "it is not PEM" : `it holds ${found} instead of one PUBLIC KEY`);
  }
  let key: KeyObject;
  try {
    key = createPublicKey({ key: pem, format: "pem" });
  } catch (cause) {
    throw badKey(path, "OpenSSL cannot read it", cause);
  }
  requireUsable(key, path);
  return verificationKey(key, path);
}

/** Describes a public key, and names it as cosign does: by the SHA-256 of its DER encoding, in base64. */
export function verificationKey(key: KeyObject, path: string): VerificationKey {
  const der = key.export({ format: "der", type: "spki" });
  const hint = createHash("sha256").update(der).digest("base64");
  return { key, hint, description: `${path} (${keyTypeName(key)}, SHA-256 ${hint})` };
}
