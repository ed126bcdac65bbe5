// Reads one 512-byte header block in any dialect: V7, ustar, pax or GNU.

import { SpackOciError } from "@spack-oci/errors";
import { decodeFileName } from "@spack-oci/files";
import { BLOCK_SIZE, type TarEntryType } from "./tar-entry.js";

/** A block's own fields, before extended headers amend them. */
export interface HeaderBlock {
  readonly name: string;
  readonly typeFlag: string;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  readonly linkName: string;
}

/**
 * @returns undefined for a block of zeros, which ends an archive
 * @throws SpackOciError `ERR_TAR_MALFORMED` if the checksum or a number is wrong
 */
export function parseHeaderBlock(block: Buffer): HeaderBlock | undefined {
  if (isZero(block)) return undefined;
  if (parseNumber(block, 148, 8) !== checksum(block)) throw malformed("a header's checksum is wrong");
  const isUstar = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? parseString(block, 345, 155) : "";
  const name = parseString(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    typeFlag: String.fromCharCode(block[156] ?? 0),
    mode: parseNumber(block, 100, 8) & 0o7777,
    size: parseNumber(block, 124, 12),
    mtime: parseNumber(block, 136, 12),
    linkName: parseString(block, 157, 100),
  };
}

/** The type of a member by its flag; V7 marks a directory with a slash at the end of its name. */
export function entryType(typeFlag: string, name: string): TarEntryType {
  switch (typeFlag) {
    case "\0":
    case "0":
    case "7":
      return typeFlag === "\0" && name.endsWith("/") ? "directory" : "file";
    case "1":
      return "hardlink";
    case "2":
      return "symlink";
    case "5":
      return "directory";
    default:
      return "other";
  }
}

function parseString(block: Buffer, offset: number, length: number): string {
  let end = offset;
  let isAscii = true;
  for (; end < offset + length && block[end] !== 0; end += 1) isAscii &&= (block[end] ?? 0) < 0x80;
  if (end === offset) return "";
  return isAscii ? block.toString("latin1", offset, end) : decodeFileName(block.subarray(offset, end));
}

/** Octal digits, or GNU's base 256 if the high bit of the first byte is set. */
function parseNumber(block: Buffer, offset: number, length: number): number {
  const first = block[offset] ?? 0;
  if (first === 0x80 || first === 0xff) {
    const field = Buffer.from(block.subarray(offset, offset + length));
    field[0] = first === 0xff ? 0xff : 0;
    const value = BigInt.asIntN(length * 8, BigInt(`0x${field.toString("hex")}`));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed("a number is too large");
    return Number(value);
  }
  const plain = parseOctal(block, offset, offset + length);
  if (plain !== undefined) return plain;
  const text = (block.toString("latin1", offset, offset + length).split("\0", 1)[0] ?? "").trim();
  if (!/^[0-7]*$/.test(text)) throw malformed("a number is not octal");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/** Digits and then NULs or blanks, as almost every archive has them; undefined for anything else. */
function parseOctal(block: Buffer, start: number, end: number): number | undefined {
  let value = 0;
  let at = start;
  for (; at < end; at += 1) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  const isTerminated =
    at > start && (at === end || block[at] === 0 || (block[at] === 0x20 && at === end - 1));
  return isTerminated ? value : undefined;
}

function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < 148; index += 1) sum += block[index] ?? 0;
  for (let index = 156; index < BLOCK_SIZE; index += 1) sum += block[index] ?? 0;
  return sum;
}

function isZero(block: Buffer): boolean {
  return block[0] === 0 && block.every((byte) => byte === 0);
}

function malformed(reason: string): SpackOciError {
  return new SpackOciError("ERR_TAR_MALFORMED", `The archive is not a valid tar archive: ${reason}.`, {
    kind: "corrupt",
  });
}
