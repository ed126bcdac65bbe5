// Private keys as cosign writes them: PKCS #8, encrypted with a password.
//
// The text in the PEM file is JSON of go-securesystemslib (encrypted/encrypted.go): scrypt derives a key from the
// password, and NaCl's secretbox (XSalsa20-Poly1305) encrypts with it.

import { scryptSync } from "node:crypto";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { badKey, badKeyPassword } from "../errors.js";

const BLOCK =
  /^-----BEGIN ENCRYPTED (SIGSTORE|COSIGN) PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END ENCRYPTED \1 PRIVATE KEY-----\s*$/;

/** The only scrypt parameters that the library writes and accepts; others could take any time and memory. */
const SCRYPT_COSTS: readonly unknown[] = [2 ** 15, 2 ** 16, 2 ** 17];
const SCRYPT_MEMORY = 256 * 1024 * 1024;

/** Whether a text is such a key. */
export function isCosignKey(pem: string): boolean {
  return BLOCK.test(pem);
}

/**
 * Decrypts such a key.
 *
 * @returns PKCS #8 in DER.
 * @throws SpackOciError `ERR_KEY` if it is malformed, `ERR_KEY_PASSWORD` if the password is wrong.
 */
export function decryptCosignKey(pem: string, password: string, path: string): Buffer {
  const { N, salt, nonce, ciphertext } = readBox(pem, path);
  const key = scryptSync(password, salt, 32, { N, r: 8, p: 1, maxmem: SCRYPT_MEMORY });
  try {
    return Buffer.from(xsalsa20poly1305(key, nonce).decrypt(ciphertext));
  } catch {
    // The cipher only says that the tag is invalid.
    throw badKeyPassword(path, "the password is wrong");
  }
}

interface Box {
  readonly N: number;
  readonly salt: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

function readBox(pem: string, path: string): Box {
  const base64 = BLOCK.exec(pem)?.[2] ?? "";
  let value: { kdf?: Kdf; cipher?: Cipher; ciphertext?: unknown };
  try {
    value = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  } catch (cause) {
    throw badKey(path, "what it encrypts is not described in JSON", cause);
  }
  const { kdf, cipher, ciphertext } = value ?? {};
  const { N, r, p } = kdf?.params ?? {};
  if (kdf?.name !== "scrypt" || !SCRYPT_COSTS.includes(N) || r !== 8 || p !== 1) {
    throw badKey(path, "its password is not derived by scrypt with one of cosign's parameters");
  }
  if (cipher?.name !== "nacl/secretbox") throw badKey(path, "its cipher is not nacl/secretbox");
  const [salt, nonce, content] = [kdf.salt, cipher.nonce, ciphertext].map(decoded);
  if (salt?.length !== 32 || nonce?.length !== 24 || content === undefined || content.length <= 16) {
    throw badKey(path, "its salt, nonce or ciphertext has the wrong length");
  }
  return { N: N as number, salt, nonce, ciphertext: content };
}

interface Kdf {
  readonly name?: unknown;
  readonly salt?: unknown;
  readonly params?: { readonly N?: unknown; readonly r?: unknown; readonly p?: unknown };
}

interface Cipher {
  readonly name?: unknown;
  readonly nonce?: unknown;
}

function decoded(text: unknown): Buffer | undefined {
  return typeof text === "string" ? Buffer.from(text, "base64") : undefined;
}
