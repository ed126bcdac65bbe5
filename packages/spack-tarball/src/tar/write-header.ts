// Writes member headers byte for byte as Python's tarfile does in its pax format, so that a prefix has the same diff ID
// as with Spack.

import { encodeFileName } from "@spack-oci/files";
import { formatPaxRecords } from "./pax-records.js";
import { BLOCK_SIZE, paddingAfter, type TarEntryType, type TarHeader } from "./tar-entry.js";

const NAME_LENGTH = 100;
/** Bytes of a block up to the magic and the version; all that follow are zero. */
const HEADER_LENGTH = 265;
/** The largest size that eleven octal digits hold, 8 GiB less one. */
const MAX_USTAR_SIZE = 8 ** 11 - 1;

const TYPE_FLAGS: Record<Exclude<TarEntryType, "other">, string> = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  directory: "5",
};

/** The part of a header that is written: Spack writes no other types, and no times. */
export interface WritableTarHeader extends Omit<TarHeader, "type" | "mtime"> {
  readonly type: keyof typeof TYPE_FLAGS;
}

/**
 * The blocks before a member's content: a pax header if the name needs one, and the member's own. Owner and group are 0
 * without names, the time is 0 (Spack: `util/archive.py`, CPython: `tarfile.TarInfo.create_pax_header`).
 */
export function formatTarHeader(header: WritableTarHeader): Buffer {
  const name = header.type === "directory" ? `${header.name}/` : header.name;
  const records = new Map<string, Buffer>();
  if (needsRecord(name)) records.set("path", encodeFileName(name));
  if (needsRecord(header.linkName)) records.set("linkpath", encodeFileName(header.linkName));
  const isLarge = header.size > MAX_USTAR_SIZE;
  if (isLarge) records.set("size", Buffer.from(String(header.size)));

  const own = {
    name: asciiName(name),
    mode: header.mode,
    size: isLarge ? 0 : header.size,
    typeFlag: TYPE_FLAGS[header.type],
    linkName: asciiName(header.linkName),
  };
  if (records.size === 0) return withBlock(Buffer.allocUnsafe(BLOCK_SIZE), 0, own);

  const binary = !name.isWellFormed() || !header.linkName.isWellFormed();
  const content = formatPaxRecords(records, binary);
  const end = BLOCK_SIZE + content.length;
  const start = end + paddingAfter(content.length);
  const bytes = Buffer.allocUnsafe(start + BLOCK_SIZE);
  const pax = { name: "././@PaxHeader", mode: 0, size: content.length, typeFlag: "x", linkName: "" };
  withBlock(bytes, 0, pax);
  content.copy(bytes, BLOCK_SIZE);
  bytes.fill(0, end, start);
  return withBlock(bytes, start, own);
}

/** The header of a directory, with the mode that Spack gives to every directory. */
export function formatDirectoryHeader(name: string): Buffer {
  return formatTarHeader({ name, type: "directory", mode: 0o755, size: 0, linkName: "" });
}

function needsRecord(name: string): boolean {
  return name.length > NAME_LENGTH || !/^[\0-\x7f]*$/.test(name);
}

/** One `?` for every character beyond ASCII, like Python's `encode("ascii", "replace")`. */
function asciiName(name: string): string {
  return name.replace(/[^\0-\x7f]/gu, "?");
}

interface BlockFields {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly typeFlag: string;
  readonly linkName: string;
}

/** What all blocks have in common: no owner, no group, no time. */
const NOBODY = octal(0, 8) + octal(0, 8);
const NO_TIME = octal(0, 12);
/** The checksum is taken as if it were spaces. */
const NO_CHECKSUM = " ".repeat(8);
const MAGIC = "ustar\x0000";

/** Writes a block at `start`. @returns `bytes` */
function withBlock(
  bytes: Buffer,
  start: number,
  { name, mode, size, typeFlag, linkName }: BlockFields,
): Buffer {
  const fields = `${nameField(name)}${octal(mode & 0o7777, 8)}${NOBODY}${octal(size, 12)}${NO_TIME}${NO_CHECKSUM}${typeFlag}${nameField(linkName)}${MAGIC}`;
  bytes.write(fields, start, "latin1");
  bytes.fill(0, start + HEADER_LENGTH, start + BLOCK_SIZE);
  let sum = 0;
  for (let index = start; index < start + HEADER_LENGTH; index += 1) sum += bytes[index] ?? 0;
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0`, start + 148, "latin1");
  return bytes;
}

function nameField(name: string): string {
  return name.slice(0, NAME_LENGTH).padEnd(NAME_LENGTH, "\0");
}

/** Digits that fill a field, and its closing NUL. */
function octal(value: number, fieldLength: number): string {
  return `${value.toString(8).padStart(fieldLength - 1, "0")}\0`;
}

/**
 * The directories above a member, which an archive lists before it: `a`, `a/b`, ... for `a/b/c`. Spack has listed them
 * since 0.21, so that any tool can unpack its layers.
 */
export function parentNames(memberName: string): string[] {
  const components = memberName.split("/");
  return components.slice(0, -1).map((_, index) => components.slice(0, index + 1).join("/"));
}
