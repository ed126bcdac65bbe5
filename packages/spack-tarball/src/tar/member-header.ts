// Reads the header of a tar member with its extended headers. What it reads from decides whether anybody waits.

import { SpackOciError } from "@spack-oci/errors";
import { decodeFileName } from "@spack-oci/files";
import { MAX_EXTENDED_HEADERS, MAX_GLOBAL_HEADERS, MAX_NAME_LENGTH } from "./limits.js";
import { parsePaxRecords, SPARSE } from "./pax-records.js";
import { entryType, type HeaderBlock, parseHeaderBlock } from "./read-header.js";
import { BLOCK_SIZE, paddingAfter, type TarHeader } from "./tar-entry.js";

/** GNU tar's old form of a sparse file; the new one is a pax record. */
const GNU_SPARSE = "S";

/** What comes before the content of a member. */
export interface MemberHeader {
  readonly header: TarHeader;
  /**
   * The blocks as they are in the archive, including extended headers; undefined if a global header adds to them.
   */
  readonly blocks: Buffer | undefined;
}

/**
 * Yields the number of bytes that it needs next, and is resumed with exactly that many, or with undefined at the end of
 * the archive.
 */
type Reading<T> = Generator<number, T, Bytes>;

/** `isCut` if the archive ends within them. */
export type Bytes = Buffer | { readonly isCut: boolean };

/** Reads extended headers and the member's own block; undefined at the end of the archive. */
export function* readMemberHeader(
  defaults: GlobalHeaders,
  isFirst: boolean,
): Reading<MemberHeader | undefined> {
  const amendments = new Map<string, Buffer>();
  const blocks: Buffer[] = [];
  let length = 0;
  function* extended(block: HeaderBlock): Reading<Buffer> {
    length += BLOCK_SIZE + block.size;
    if (length > MAX_EXTENDED_HEADERS) throw malformed("a member has extended headers of more than 1 MiB");
    const content = yield block.size + paddingAfter(block.size);
    if (!Buffer.isBuffer(content)) throw truncated();
    blocks.push(content);
    return content.subarray(0, block.size);
  }
  for (let isBetweenMembers = !isFirst; ; isBetweenMembers = false) {
    const bytes = yield BLOCK_SIZE;
    if (!Buffer.isBuffer(bytes)) {
      // Like Python's tarfile, which Spack uses, this does not insist on the zeros at the end.
      if (isBetweenMembers && !bytes.isCut) return undefined;
      throw truncated();
    }
    const block = parseHeaderBlock(bytes);
    if (block === undefined) return undefined;
    blocks.push(bytes);
    switch (block.typeFlag) {
      case "g":
        defaults.add(yield* extended(block));
        break;
      case "x":
      case "X":
        for (const [key, value] of parsePaxRecords(yield* extended(block))) amendments.set(key, value);
        break;
      case "L":
        amendments.set("path", withoutNul(yield* extended(block)));
        break;
      case "K":
        amendments.set("linkpath", withoutNul(yield* extended(block)));
        break;
      default:
        return {
          header: amendedHeader(
            block,
            defaults.length === 0 ? amendments : new Map([...defaults.records, ...amendments]),
          ),
          blocks: defaults.length === 0 ? joined(blocks) : undefined,
        };
    }
  }
}

/** The records of all global headers so far. */
export class GlobalHeaders {
  readonly records = new Map<string, Buffer>();
  /** Bytes of the headers. */
  length = 0;

  add(content: Buffer): void {
    this.length += BLOCK_SIZE + content.length;
    if (this.length > MAX_GLOBAL_HEADERS) throw malformed("it has global headers of more than 1 MiB");
    // Copied, so that a short value does not keep the whole header.
    for (const [key, value] of parsePaxRecords(content)) this.records.set(key, Buffer.from(value));
  }
}

function amendedHeader(block: HeaderBlock, amendments: ReadonlyMap<string, Buffer>): TarHeader {
  const text = (key: string) => {
    const value = amendments.get(key);
    if (value !== undefined && value.length > MAX_NAME_LENGTH)
      throw malformed(`a member has a ${key} of more than ${MAX_NAME_LENGTH} bytes`);
    return value === undefined ? undefined : decodeFileName(value);
  };
  const number = (key: string) => {
    const value = text(key);
    if (value !== undefined && !/^-?\d+(\.\d*)?$/.test(value)) throw malformed(`${key} is not a number`);
    return value === undefined ? undefined : Math.trunc(Number(value));
  };
  const name = text("path") ?? block.name;
  if (block.typeFlag === GNU_SPARSE || amendments.has(SPARSE)) {
    throw malformed(`${name} is a sparse file, which is not supported`);
  }
  const type = entryType(block.typeFlag, name);
  const size = number("size") ?? block.size;
  if (!Number.isSafeInteger(size) || size < 0) throw malformed(`${name} has an impossible size`);
  return {
    name,
    type,
    mode: block.mode,
    // Links and directories have no content, even if their size field says otherwise.
    size: type === "file" || type === "other" ? size : 0,
    mtime: number("mtime") ?? block.mtime,
    linkName: text("linkpath") ?? block.linkName,
  };
}

function joined(blocks: readonly Buffer[]): Buffer {
  return blocks.length === 1 && blocks[0] !== undefined ? blocks[0] : Buffer.concat(blocks);
}

function withoutNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function malformed(reason: string): SpackOciError {
  return new SpackOciError("ERR_TAR_MALFORMED", `The archive cannot be read: ${reason}.`, {
    kind: "corrupt",
  });
}

/** The error for an archive that ends too early. */
export function truncated(): SpackOciError {
  return new SpackOciError("ERR_TAR_TRUNCATED", "The archive is truncated.", { kind: "corrupt" });
}
