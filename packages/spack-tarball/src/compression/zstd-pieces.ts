// Cuts a zstd stream into pieces that expand to little, for decoders that hold all of the output of their input at
// once.

import { MAX_ZSTD_WINDOW } from "../tar/limits.js";

/** Blocks in a piece. A block expands to at most 128 KiB (RFC 8878, 3.1.1.2.4), and one of four bytes can do so. */
const MAX_BLOCKS = 64;

const FRAME_MAGIC = 0xfd2fb528;
/** The lowest of the sixteen magics of frames that are skipped (RFC 8878, 3.1.2). */
const SKIPPABLE_MAGIC = 0x184d2a50;

/** What the next bytes of a stream are. */
type Expected = "frame" | "block" | "content";

/**
 * The same bytes in pieces. Bytes that are not zstd are passed on, and the decoder reports them.
 *
 * @throws Error if a frame has a larger window than {@link MAX_ZSTD_WINDOW}, which a decoder would have to hold
 */
export async function* zstdPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const cutter = new PieceCutter();
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      const length = cutter.next(held);
      if (length === 0) break;
      yield held.subarray(0, length);
      held = held.subarray(length);
    }
  }
  // Either nothing, or a stream that is cut off.
  if (held.length > 0) yield held;
}

class PieceCutter {
  #expected: Expected = "frame";
  /** What comes after the content that is being passed on. */
  #after: "frame" | "block" = "frame";
  /** Bytes of content that are left. */
  #content = 0;
  #hasChecksum = false;

  /** The length of the next piece at the start of `bytes`; 0 if more bytes are needed. */
  next(bytes: Buffer): number {
    let position = 0;
    for (let blocks = 0; blocks < MAX_BLOCKS && position < bytes.length; ) {
      if (this.#expected === "content") {
        const length = Math.min(this.#content, bytes.length - position);
        position += length;
        this.#content -= length;
        if (this.#content === 0) this.#expected = this.#after;
        continue;
      }
      const isFrame = this.#expected === "frame";
      const length = isFrame ? this.#frame(bytes.subarray(position)) : this.#block(bytes.subarray(position));
      if (length === 0) break;
      position += length;
      blocks += 1;
    }
    return position;
  }

  /** The length of a frame's header; 0 if it is not whole. */
  #frame(bytes: Buffer): number {
    if (bytes.length < 8) return 0;
    const magic = bytes.readUInt32LE(0);
    if ((magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC) return this.#pass(8, bytes.readUInt32LE(4), "frame");
    if (magic !== FRAME_MAGIC) return this.#pass(1, Number.POSITIVE_INFINITY, "frame");
    const flags = bytes[4] ?? 0;
    const isSingleSegment = (flags & 0x20) !== 0;
    const dictionaryLength = [0, 1, 2, 4][flags & 3] ?? 0;
    const sizeLength = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
    const length = 5 + (isSingleSegment ? 0 : 1) + dictionaryLength + sizeLength;
    if (bytes.length < length) return 0;
    const size = bytes.subarray(length - sizeLength, length);
    if ((isSingleSegment ? numberOf(size) : windowOf(bytes[5] ?? 0)) > MAX_ZSTD_WINDOW)
      throw new Error("a zstd frame needs more than 128 MiB of memory");
    this.#hasChecksum = (flags & 4) !== 0;
    this.#expected = "block";
    return length;
  }

  /** The length of a block's header (RFC 8878, 3.1.1.2); 0 if it is not whole. */
  #block(bytes: Buffer): number {
    if (bytes.length < 3) return 0;
    const header = bytes.readUIntLE(0, 3);
    const isLast = (header & 1) !== 0;
    const isRepeated = ((header >> 1) & 3) === 1;
    const length = (isRepeated ? 1 : header >> 3) + (isLast && this.#hasChecksum ? 4 : 0);
    return this.#pass(3, length, isLast ? "frame" : "block");
  }

  #pass(header: number, content: number, after: "frame" | "block"): number {
    this.#content = content;
    this.#after = after;
    this.#expected = content === 0 ? after : "content";
    return header;
  }
}

function numberOf(field: Buffer): number {
  return field.length === 8
    ? Number(field.readBigUInt64LE())
    : field.length === 0
      ? 0
      : field.readUIntLE(0, field.length);
}

/** RFC 8878, 3.1.1.1.2. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
