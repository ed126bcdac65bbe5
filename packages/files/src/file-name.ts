// File names are bytes. Strings carry them without loss, as with Python's `os.fsdecode`, so that names in any encoding
// survive packing, listing and unpacking.

import { isUtf8 } from "node:buffer";

const ESCAPE_BASE = 0xdc00;

/**
 * Decodes a file name as UTF-8. Each byte that is not part of valid UTF-8 becomes one lone surrogate, U+DC80..U+DCFF
 * (PEP 383, "surrogateescape", as in Spack).
 *
 * @example
 * ```ts
 * import { decodeFileName, encodeFileName } from "@spack-oci/files";
 *
 * const name = decodeFileName(Buffer.from([0x63, 0xe9]));
 * console.log(name === "c\udce9"); // true
 * console.log(encodeFileName(name).toString("hex")); // 63e9
 * ```
 */
export function decodeFileName(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  let name = "";
  let position = 0;
  while (position < buffer.length) {
    const length = validSequenceLength(buffer, position);
    if (length === 0) {
      name += String.fromCharCode(ESCAPE_BASE + byteAt(buffer, position));
      position += 1;
    } else {
      name += buffer.toString("utf8", position, position + length);
      position += length;
    }
  }
  return name;
}

/** The bytes of a file name; the inverse of {@link decodeFileName}. */
export function encodeFileName(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name, "utf8");
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    const isEscapedByte = code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff;
    parts.push(isEscapedByte ? Buffer.from([code - ESCAPE_BASE]) : Buffer.from(character, "utf8"));
  }
  return Buffer.concat(parts);
}

/** A decoded path for `node:fs`: the string itself, or its bytes if it is not valid UTF-8. */
export function fileSystemPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : encodeFileName(path);
}

/**
 * Compares names by code point, as Python sorts directory entries. JavaScript's own order is by UTF-16 code unit.
 *
 * @example
 * ```ts
 * import { compareFileNames } from "@spack-oci/files";
 *
 * console.log(["b", "\u{1F600}", "\uFF21"].sort(compareFileNames).map((name) => name.codePointAt(0))); // [ 98, 65313, 128512 ]
 * ```
 */
export function compareFileNames(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let index = 0;
  while (index < length && left.charCodeAt(index) === right.charCodeAt(index)) index += 1;
  if (index === length) return left.length - right.length;
  // If only the second halves of two surrogate pairs differ, they compare as the characters do.
  return (left.codePointAt(index) ?? 0) - (right.codePointAt(index) ?? 0);
}

function validSequenceLength(buffer: Buffer, position: number): number {
  for (let length = 1; length <= 4 && position + length <= buffer.length; length += 1) {
    if (isUtf8(buffer.subarray(position, position + length))) return length;
  }
  return 0;
}

function byteAt(buffer: Buffer, position: number): number {
  return buffer[position] ?? 0;
}
