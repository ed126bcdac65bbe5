// Base32 of RFC 4648 in lower case, as Spack writes its hashes.

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Encodes `bytes` in lower case and without padding, which the 20 bytes of a sha1 do not need. */
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
 * @throws RangeError if the text has fewer bits, or characters outside of base32
 */
export function base32PrefixBits(text: string, bits: number): bigint {
  let value = 0n;
  for (const character of text.toLowerCase()) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new RangeError(`not base32: ${text}`);
    value = (value << 5n) | BigInt(digit);
  }
  const excess = text.length * 5 - bits;
  if (excess < 0) throw new RangeError(`${bits} bits wanted of ${text.length * 5}`);
  return value >> BigInt(excess);
}
