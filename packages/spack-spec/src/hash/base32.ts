// Base32 of RFC 4648 in lower case, as Spack writes its hashes.

import { SpackOciError } from "@spack-oci/errors";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * Encodes `bytes` in lower case and without padding, which the 20 bytes of a sha1 do not need.
 *
 * @example
 * ```ts
 * import { base32Encode } from "@spack-oci/spack-spec";
 *
 * console.log(base32Encode(Buffer.from("spack")).length); // 8
 * ```
 */
export function base32Encode(bytes: Uint8Array): string {
  let result = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      result += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return bits === 0 ? result : result + ALPHABET[(buffer << (5 - bits)) & 31];
}

/**
 * The first `bits` bits of a base32 text as a number (`base32_prefix_bits` in `spack/util/hash.py`); Spack locks the
 * byte at the first 63 bits of a hash in `prefix_lock`.
 *
 * @throws SpackOciError `ERR_HASH` (corrupt) if the text has fewer bits, or characters outside of base32
 */
export function base32PrefixBits(text: string, bits: number): bigint {
  let value = 0n;
  for (const character of text.toLowerCase()) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw badHash(text);
    value = (value << 5n) | BigInt(digit);
  }
  const excess = text.length * 5 - bits;
  if (excess < 0) throw badHash(text);
  return value >> BigInt(excess);
}

function badHash(text: string): SpackOciError {
  return new SpackOciError("ERR_HASH", `"${text}" is not the hash of a package.`, {
    kind: "corrupt",
    place: text,
    hint: "A hash has 32 letters and digits (a to z, 2 to 7); check what wrote this one.",
  });
}
