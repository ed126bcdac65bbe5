// Compresses a stream on several threads: its blocks are compressed side by side, and come out in their order.

import { ENTRY_POINT } from "../tar/archive-chunks.js";

/** A piece of the stream. */
export interface Block {
  readonly bytes: Buffer;
  readonly isLast: boolean;
  /** Whether it has to be readable without the one before. */
  readonly isEntry: boolean;
}

/** How a stream is cut. */
export interface BlockOptions {
  /** Bytes of a block; where blocks begin must not depend on how many threads there are. */
  readonly blockSize: number;
  /** How many blocks are compressed at once, at least 1; each holds its bytes and what comes of them. */
  readonly ahead: number;
}

/** Waits for what comes of a block that is being compressed. */
export type Compressed = () => Promise<Buffer>;

/** Of what is compressed by itself. Whoever waits for it gets the error; it may come before that, or nobody may wait any more. */
export function underWay(compressed: Promise<Buffer>): Compressed {
  compressed.catch(() => undefined);
  return () => compressed;
}

/**
 * What comes of the blocks, one buffer for each.
 *
 * @param compress begins with one block after the other; what it returns is called in the same order, when it is due
 */
export async function* compressInBlocks(
  chunks: AsyncIterable<Buffer>,
  { blockSize, ahead }: BlockOptions,
  compress: (block: Block) => Compressed,
): AsyncGenerator<Buffer, void, undefined> {
  const waiting: Compressed[] = [];
  const next = () => (waiting.shift() as Compressed)();
  try {
    for await (const block of cutIntoBlocks(chunks, blockSize)) {
      waiting.push(compress(block));
      while (waiting.length >= ahead) yield await next();
    }
    while (waiting.length > 0) yield await next();
  } finally {
    // Nobody wants them any more, but what compresses them is free only when they are done.
    await Promise.allSettled(waiting.map((compressed) => compressed()));
  }
}

/** All blocks have `size` bytes but the last, which is there also where there is nothing, and those before an entry. */
async function* cutIntoBlocks(
  chunks: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<Block, void, undefined> {
  let block = Buffer.allocUnsafe(size);
  let filled = 0;
  let isEntry = false;
  const take = (isLast: boolean): Block => {
    const taken = { bytes: block.subarray(0, filled), isLast, isEntry };
    if (!isLast) block = Buffer.allocUnsafe(size);
    filled = 0;
    isEntry = false;
    return taken;
  };
  for await (const chunk of chunks) {
    if (chunk === ENTRY_POINT) {
      if (filled > 0) yield take(false);
      isEntry = true;
    }
    for (let taken = 0; taken < chunk.length; ) {
      if (filled === size) yield take(false);
      const count = chunk.copy(block, filled, taken);
      filled += count;
      taken += count;
    }
  }
  yield take(true);
}
