// Writes the hash of a file's content as manifests have it.
import { base32Encode } from "../spec/base32.js";

/** Upper-case base32 of the sha1 (`compute_hash` of `spack/verify.py`). */
export function contentHash(sha1: Buffer): string {
  return base32Encode(sha1).toUpperCase();
}
