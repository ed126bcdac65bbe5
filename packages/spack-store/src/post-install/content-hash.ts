// Writes the hash of a file's content as manifests have it.

import { base32Encode } from "@spack-oci/spack-spec";
/** Upper-case base32 of the sha1 (`compute_hash` of `spack/verify.py`). */
export function contentHash(sha1: Buffer): string {
  return base32Encode(sha1).toUpperCase();
}
