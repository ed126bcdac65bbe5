// Reads the members of a tar archive one at a time from a stream, in constant memory.

import { SpackOciError } from "@spack-oci/errors";
import { decodeFileName } from "@spack-oci/files";
import { ByteSource } from "./byte-source.js";
import { MAX_EXTENDED_HEADERS, MAX_GLOBAL_HEADERS, MAX_NAME_LENGTH } from "./limits.js";
import { parsePaxRecords, SPARSE } from "./pax-records.js";
import { entryType, type HeaderBlock, parseHeaderBlock } from "./read-header.js";
import { BLOCK_SIZE, paddingAfter, type TarHeader } from "./tar-entry.js";

/** GNU tar's old form of a sparse file; the new one is a pax record. */
const GNU_SPARSE = "S";

/** A member. Content that is not read before the next member is skipped. */
export interface TarMember {
  readonly header: TarHeader;
  /**
   * The blocks before the content as they are in the archive, including extended headers; undefined if a global header adds
   * to them.
   */
  readonly blocks: Buffer | undefined;
  /** The content in chunks; can be iterated once. */
  content(): AsyncIterable<Buffer>;
  /** The whole content; only for members that are known to be small. */
  bytes(): Promise<Buffer>;
}

/**
 * Iterates over the members of an archive, then reads to the end of the stream.
 *
 * @throws SpackOciError `ERR_TAR_MALFORMED` if it is not a tar archive, `ERR_TAR_TRUNCATED` if it ends early
 */
export async function* readTar(stream: AsyncIterable<Buffer>): AsyncGenerator<TarMember, void, undefined> {
  const source = new ByteSource(stream);
  const defaults = new GlobalHeaders();
  try {
    for (let isFirst = true; ; isFirst = false) {
      const found = await readMemberHeader(source, defaults, isFirst);
      if (found === undefined) break;
      const content = new MemberContent(source, found);
      yield content;
      await content.skipRest();
    }
    await source.drain();
  } finally {
    await source.close();
  }
}

/** Reads extended headers and the member's own block; undefined at the end of the archive. */
async function readMemberHeader(
  source: ByteSource,
  defaults: GlobalHeaders,
  isFirst: boolean,
): Promise<MemberHeader | undefined> {
  const amendments = new Map<string, Buffer>();
  const blocks: Buffer[] = [];
  let length = 0;
  const extended = async (block: HeaderBlock) => {
    length += BLOCK_SIZE + block.size;
    if (length > MAX_EXTENDED_HEADERS) throw malformed("a member has extended headers of more than 1 MiB");
    const content = await readExtended(source, block);
    blocks.push(content);
    return content.subarray(0, block.size);
  };
  for (let isBetweenMembers = !isFirst; ; isBetweenMembers = false) {
    const bytes = await source.read(BLOCK_SIZE);
    // Like Python's tarfile, which Spack uses, this does not insist on the zeros at the end.
    if (bytes === undefined && isBetweenMembers && source.isEmpty) return undefined;
    if (bytes === undefined) throw truncated();
    const block = parseHeaderBlock(bytes);
    if (block === undefined) return undefined;
    blocks.push(bytes);
    switch (block.typeFlag) {
      case "g":
        defaults.add(await extended(block));
        break;
      case "x":
      case "X":
        for (const [key, value] of parsePaxRecords(await extended(block))) amendments.set(key, value);
        break;
      case "L":
        amendments.set("path", withoutNul(await extended(block)));
        break;
      case "K":
        amendments.set("linkpath", withoutNul(await extended(block)));
        break;
      default:
        return {
          header: amendedHeader(block, new Map([...defaults.records, ...amendments])),
          blocks: defaults.length === 0 ? Buffer.concat(blocks) : undefined,
        };
    }
  }
}

/** The records of all global headers so far. */
class GlobalHeaders {
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

/** The content of an extended header, with its padding. */
async function readExtended(source: ByteSource, block: HeaderBlock): Promise<Buffer> {
  const bytes = await source.read(block.size + paddingAfter(block.size));
  if (bytes === undefined) throw truncated();
  return bytes;
}

function withoutNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

type MemberHeader = Pick<TarMember, "header" | "blocks">;

class MemberContent implements TarMember {
  readonly header: TarHeader;
  readonly blocks: Buffer | undefined;
  readonly #source: ByteSource;
  #remaining: number;
  #padding: number;

  constructor(source: ByteSource, { header, blocks }: MemberHeader) {
    this.header = header;
    this.blocks = blocks;
    this.#source = source;
    this.#remaining = header.size;
    this.#padding = paddingAfter(header.size);
  }

  async *content(): AsyncGenerator<Buffer, void, undefined> {
    while (this.#remaining > 0) {
      const bytes = await this.#source.readSome(this.#remaining);
      if (bytes === undefined) throw truncated();
      this.#remaining -= bytes.length;
      yield bytes;
    }
  }

  async bytes(): Promise<Buffer> {
    const bytes = await this.#source.read(this.#remaining);
    if (bytes === undefined) throw truncated();
    this.#remaining = 0;
    return bytes;
  }

  async skipRest(): Promise<void> {
    this.#remaining += this.#padding;
    this.#padding = 0;
    for await (const _ of this.content());
  }
}

function malformed(reason: string): SpackOciError {
  return new SpackOciError("ERR_TAR_MALFORMED", `The archive cannot be read: ${reason}.`, {
    kind: "corrupt",
  });
}

function truncated(): SpackOciError {
  return new SpackOciError("ERR_TAR_TRUNCATED", "The archive is truncated.", { kind: "corrupt" });
}
