// Reads private keys for signing.

import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { isSpackOciError } from "@spack-oci/errors";
import { badKey, badKeyPassword } from "../errors.js";
import { decryptCosignKey, isCosignKey } from "./cosign-key.js";
import { requireUsable } from "./key-algorithm.js";
import { type VerificationKey, verificationKey } from "./public-key.js";
import { readKeyText } from "./read-key-text.js";

/** A key that signs. */
export interface SigningKey {
  readonly key: KeyObject;
  /** Its public half. */
  readonly verificationKey: VerificationKey;
  readonly path: string;
}

/** Asks for the password of a key; undefined if there is nobody to ask. */
export type AskPassword = ((path: string) => Promise<string>) | undefined;

/**
 * Reads a private key: PEM in PKCS #8, PKCS #1 or SEC 1, encrypted by OpenSSL or by cosign or not at all.
 *
 * @param path As `readKeyText` takes it.
 * @param askPassword Called only for encrypted keys.
 * @throws SpackOciError `ERR_KEY` or `ERR_KEY_PASSWORD`, both of kind `usage`.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from "node:crypto";
 * import { writeFileSync } from "node:fs";
 * import { keySigner, readPrivateKey } from "@spack-oci/signatures";
 *
 * const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
 * writeFileSync("image.key", privateKey.export({ format: "pem", type: "pkcs8" }));
 * const signer = keySigner(await readPrivateKey("image.key", undefined));
 * console.log(typeof signer); // object
 * ```
 */
export async function readPrivateKey(
  path: string,
  askPassword: AskPassword,
  environment: NodeJS.ProcessEnv = {},
): Promise<SigningKey> {
  const pem = readKeyText(path, environment);
  const isEncrypted = /^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(pem);
  const password = isEncrypted ? await requirePassword(path, askPassword) : undefined;
  const key = parse(pem, password, path);
  requireUsable(key, path);
  return { key, verificationKey: verificationKey(createPublicKey(key), path), path };
}

async function requirePassword(path: string, askPassword: AskPassword): Promise<string> {
  if (askPassword === undefined)
    throw badKeyPassword(path, "there is no password, and no terminal to ask on");
  return askPassword(path);
}

function parse(pem: string, password: string | undefined, path: string): KeyObject {
  try {
    if (!isCosignKey(pem))
      return createPrivateKey({ key: pem, format: "pem", ...(password && { passphrase: password }) });
    const der = decryptCosignKey(pem, password ?? "", path);
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  } catch (cause) {
    if (isSpackOciError(cause)) throw cause;
    if (password !== undefined) throw badKeyPassword(path, "the password is wrong, or the key is damaged");
    const why = /BEGIN (PUBLIC KEY|CERTIFICATE)/.test(pem)
      ? "it is not a private key"
      : "OpenSSL cannot read it";
    throw badKey(path, why, cause);
  }
}
