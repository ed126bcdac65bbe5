// Reads the members of a tar archive one at a time from a stream, in constant memory.

import { ByteSource, type ByteSourceOptions } from "./byte-source.js";
import {
  type Bytes,
  GlobalHeaders,
  type MemberHeader,
  readMemberHeader,
  truncated,
} from "./member-header.js";
import { paddingAfter, type TarHeader } from "./tar-entry.js";

/** A member. Content that is not read before the next member is skipped. */
export interface TarMember extends MemberHeader {
  /** The content in chunks; can be iterated once. */
  content(): AsyncIterable<Buffer>;
  /**
   * The whole content; only for members that are known to be small. If the source is transient, it is valid until
   * anything else is read.
   */
  bytes(): Promise<Buffer>;
}

/**
 * Iterates over the members of an archive, then reads to the end of the stream.
 *
 * @throws SpackOciError `ERR_TAR_MALFORMED` if it is not a tar archive, `ERR_TAR_TRUNCATED` if it ends early
 */
export async function* readTar(
  stream: AsyncIterable<Buffer>,
  options?: ByteSourceOptions,
): AsyncGenerator<TarMember, void, undefined> {
  const source = new ByteSource(stream, options);
  const defaults = new GlobalHeaders();
  try {
    for (let isFirst = true; ; isFirst = false) {
      const found = await readHeader(source, defaults, isFirst);
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

async function readHeader(
  source: ByteSource,
  defaults: GlobalHeaders,
  isFirst: boolean,
): Promise<MemberHeader | undefined> {
  const reading = readMemberHeader(defaults, isFirst);
  let step = reading.next();
  while (step.done !== true) {
    // A header may consist of several parts, which are looked at together.
    const bytes: Bytes = (await source.readOwn(step.value)) ?? { isCut: !source.isEmpty };
    step = reading.next(bytes);
  }
  return step.value;
}

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
