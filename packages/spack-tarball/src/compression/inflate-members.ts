// Inflates the members of a gzip stream on several threads, if they say how long they are, and hands on their content
// in order.

import { availableParallelism } from "node:os";
import { pipeline, Readable, type TransformOptions } from "node:stream";
import { createGunzip, gunzip, type Zlib, type ZlibOptions } from "node:zlib";
import { freeMemory } from "@spack-oci/files";
import { ByteSource } from "../tar/byte-source.js";
import { type Allowance, UNLIMITED } from "./allowance.js";
import { contentLengthOf, HEADER_LENGTH, lengthOfMember } from "./sized-members.js";

/** Bytes of a member and of its content. Longer ones are left to a stream, which need not hold them. */
const MAX_MEMBER = 2 * 1024 * 1024;

/** Members that one stream inflates at once: the threads of Node's pool are not more by default. */
const MAX_AT_ONCE = Math.min(availableParallelism(), 4) + 1;

/** Bytes. Each chunk is a turn of the thread pool; larger ones than Node's default are markedly faster. */
const CHUNK_SIZE = 1024 * 1024;

/** Bytes that a stream may be ahead of its reader, so that both work at once. */
const READ_AHEAD = 2 * CHUNK_SIZE;

const STREAM_OPTIONS: ZlibOptions & TransformOptions = {
  chunkSize: CHUNK_SIZE,
  readableHighWaterMark: READ_AHEAD,
};

/** Bytes; what zlib needs at least. */
const MIN_CHUNK_SIZE = 64;

/**
 * The content of a gzip stream. From the first member on that does not say how long it is, or is too long, one thread
 * does the work.
 *
 * @param allowance for inflating more than one member at once; with it, each chunk is only valid until the next is
 *   requested
 * @throws Error if the stream is damaged or cut off, or if a member has another length than it says
 */
export async function* inflateMembers(
  chunks: AsyncIterable<Buffer>,
  allowance?: Allowance,
): AsyncGenerator<Buffer, void, undefined> {
  const source = new ByteSource(chunks);
  const inflating = new InflatingMembers(allowance);
  try {
    for (let count = 0; ; count += 1) {
      while (!inflating.hasRoom) yield* inflating.next();
      const start = await source.peek(HEADER_LENGTH);
      const length = lengthOfMember(start);
      if (length === undefined || length > MAX_MEMBER) {
        while (inflating.count > 0) yield* inflating.next();
        // As zlib does, everything is ignored from a zero after a member on.
        const isAtEnd = count > 0 && (start.length === 0 || start[0] === 0);
        if (!isAtEnd) yield* inflateStream(source.rest());
        return;
      }
      const member = await source.readOwn(length);
      if (member === undefined) throw new Error("the stream ends within a member");
      if (contentLengthOf(member) > MAX_MEMBER) {
        while (inflating.count > 0) yield* inflating.next();
        yield* inflateStream(followedBy(member, source.rest()));
        return;
      }
      while (!inflating.add(member)) yield* inflating.next();
    }
  } finally {
    await inflating.drop();
  }
}

/** The content of a gzip stream, inflated by one thread. */
function inflateStream(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // Errors reach the reader of the last stream, but pipeline insists on a callback.
  return pipeline(Readable.from(chunks), createGunzip(STREAM_OPTIONS), () => {});
}

async function* followedBy(
  first: Buffer,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  yield first;
  yield* rest;
}

interface Inflating {
  readonly content: Promise<Buffer>;
  /** Bytes of the allowance. */
  readonly taken: number;
}

/** Members on their way through the thread pool, in order. */
class InflatingMembers {
  readonly #allowance: Allowance;
  /** Whether what was handed on is not needed afterwards. */
  readonly #isTransient: boolean;
  readonly #members: Inflating[] = [];
  /** Members that were handed on. */
  #taken = 0;

  constructor(allowance: Allowance | undefined) {
    this.#allowance = allowance ?? UNLIMITED;
    this.#isTransient = allowance !== undefined;
  }

  get count(): number {
    return this.#members.length;
  }

  /** At first only for one, because some readers need no more than the start of a layer. */
  get hasRoom(): boolean {
    return this.count < Math.min(MAX_AT_ONCE, this.#taken + 1);
  }

  /** @returns whether it was added; if not, another one must be taken first */
  add(member: Buffer): boolean {
    const cost = member.length + contentLengthOf(member);
    const isGranted = this.#allowance.take(cost);
    // Without any, nobody would ever give something back.
    if (!isGranted && this.count > 0) return false;
    const content = inflateMember(member);
    // An error is not unhandled if nobody waits for it any more.
    content.catch(() => {});
    this.#members.push({ content, taken: isGranted ? cost : 0 });
    return true;
  }

  /** Hands on the content of the first one. */
  async *next(): AsyncGenerator<Buffer, void, undefined> {
    const { content, taken } = this.#members.shift() as Inflating;
    this.#taken += 1;
    try {
      const bytes = await content;
      yield bytes;
      if (this.#isTransient) freeMemory(bytes);
    } finally {
      this.#allowance.give(taken);
    }
  }

  /** Waits until the thread pool is done with all of them. */
  async drop(): Promise<void> {
    for (const { content, taken } of this.#members.splice(0)) {
      await content.then(freeMemory, () => {});
      this.#allowance.give(taken);
    }
  }
}

/**
 * @param member is freed
 * @throws Error if it is damaged, or has another length than it says
 */
function inflateMember(member: Buffer): Promise<Buffer> {
  const length = contentLengthOf(member);
  // With room for one byte more than there is, zlib need not ask for another chunk.
  const options = {
    chunkSize: Math.max(MIN_CHUNK_SIZE, length + 1),
    maxOutputLength: length + 1,
    info: true,
  };
  return new Promise((resolve, reject) => {
    gunzip(member, options, (error, result) => {
      const { length: memberLength } = member;
      freeMemory(member);
      if (error !== null) return reject(error);
      // This is what `info` does, which Node's types do not know.
      const { buffer, engine } = result as unknown as { readonly buffer: Buffer; readonly engine: Zlib };
      if (buffer.length === length && engine.bytesWritten === memberLength) resolve(buffer);
      else reject(new Error("a member has another length than it says"));
    });
  });
}
