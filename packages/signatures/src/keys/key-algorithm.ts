// Which kinds of keys are used, and with which hash.

import type { KeyObject } from "node:crypto";
import { sign, verify } from "node:crypto";
import { badKey } from "../errors.js";
import { RSA_BITS } from "../limits.js";

/** `undefined` for algorithms that hash on their own. */
type Hash = "sha256" | "sha384" | "sha512" | undefined;

/**
 * The hash of each curve (Sigstore's algorithm registry). cosign signs with SHA-256 whatever the curve, so signatures
 * with that are valid, too.
 */
const HASHES_OF_CURVES: Readonly<Record<string, readonly Hash[]>> = {
  prime256v1: ["sha256"],
  secp384r1: ["sha384", "sha256"],
  secp521r1: ["sha512", "sha256"],
};

/** A name for messages: `ECDSA P-256`. */
export function keyTypeName(key: KeyObject): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const curves: Readonly<Record<string, string>> = {
    prime256v1: "P-256",
    secp384r1: "P-384",
    secp521r1: "P-521",
  };
  if (type === "ec") return `ECDSA ${curves[details?.namedCurve ?? ""] ?? details?.namedCurve}`;
  if (type === "rsa") return `RSA ${details?.modulusLength}`;
  return type === "ed25519" ? "Ed25519" : `${type}`;
}

/** @throws SpackOciError `ERR_KEY` if the key is of another kind, or too short. */
export function requireUsable(key: KeyObject, path: string): void {
  const hashes = hashesOf(key);
  if (hashes === undefined) throw badKey(path, `it is of type ${keyTypeName(key)}`);
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && (bits < RSA_BITS.min || bits > RSA_BITS.max)) {
    throw badKey(path, `it has ${bits} bits instead of ${RSA_BITS.min} to ${RSA_BITS.max}`);
  }
}

/** Signs with the hash that belongs to the key. */
export function signWith(key: KeyObject, data: Buffer): Buffer {
  return sign(hashesOf(key)?.[0], data, key);
}

/** Whether a signature over data is the key's. */
export function isSignedBy(key: KeyObject, data: Buffer, signature: Buffer): boolean {
  return (hashesOf(key) ?? []).some((hash) => verify(hash, data, key, signature));
}

function hashesOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly Hash[] | undefined {
  if (asymmetricKeyType === "ec") return HASHES_OF_CURVES[asymmetricKeyDetails?.namedCurve ?? ""];
  if (asymmetricKeyType === "rsa") return ["sha256"];
  return asymmetricKeyType === "ed25519" ? [undefined] : undefined;
}
