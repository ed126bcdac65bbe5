// Turns file names that are no UTF-8 into text as Python does, so that Spack recognises them in JSON files.

/**
 * Decodes UTF-8, and each byte that does not belong to it as a lone surrogate U+DC80 to U+DCFF (Python's
 * `surrogateescape`, PEP 383). In JSON such a surrogate is written as `\udcXX`.
 */
export function decodeFileName(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("utf8");
  if (!text.includes("\ufffd")) return text;
  let result = "";
  for (let index = 0; index < bytes.length; ) {
    const length = sequenceLength(bytes, index);
    if (length === 0) {
      result += String.fromCharCode(0xdc00 + (bytes[index] ?? 0));
      index += 1;
    } else {
      result += Buffer.from(bytes.subarray(index, index + length)).toString("utf8");
      index += length;
    }
  }
  return result;
}

/** The length of the valid UTF-8 sequence at `index`, or 0 (table 3-7 of the Unicode standard). */
function sequenceLength(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >> 4 === 0xe ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  const second = bytes[index + 1] ?? 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < lowest || second > highest) return 0;
  for (let offset = 2; offset < length; offset += 1) {
    if ((bytes[index + offset] ?? 0) >> 6 !== 0b10) return 0;
  }
  return length;
}
